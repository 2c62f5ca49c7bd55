/**
 * For apps that use libraries which ask the process for its colours (chalk, supports-color and all that builds on them):
 *
 *     import "sallyport/force-color"; // first, before anything that imports them
 *
 * Such libraries look once, at the server's own terminal, and would write for it. From here on they write all colours, and
 * each session's are converted down to what its visitor's terminal shows. Programs that the server starts inherit these
 * variables, unless they are given others.
 */
process.env["FORCE_COLOR"] = "3";
process.env["COLORTERM"] = "truecolor";
// Where it wins over FORCE_COLOR, everybody would be left without colours.
delete process.env["NO_COLOR"];
