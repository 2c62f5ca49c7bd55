import { LineFault } from "./line-fault.ts";

/**
 * Reads a point in time as `expiry-time=` takes it: `YYYYMMDD` or `YYYYMMDDHHMM[SS]`, in the time zone of this machine,
 * or in UTC with a `Z` behind. The result is in milliseconds since 1970.
 *
 * @throws {LineFault} for anything else, and for a day that does not exist.
 */
export function parseExpiryTime(text: string): number {
  const match = /^(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?(Z|UTC)?$/i.exec(text);
  if (match === null) throw new LineFault('an expiry-time is not "YYYYMMDD" or "YYYYMMDDHHMM[SS]", with a Z for UTC');
  const [, years = "", months = "", days = "", hours = "00", minutes = "00", seconds = "00", zone] = match as readonly (
    | string
    | undefined
  )[];
  const [year, month, day] = [Number(years), Number(months) - 1, Number(days)];
  const [hour, minute, second] = [Number(hours), Number(minutes), Number(seconds)];
  const utc = new Date(Date.UTC(year, month, day, hour, minute, second));
  // Date goes on counting from the 31st of a shorter month: written out again it has to be what was read.
  const read = utc.toISOString().replaceAll(/[-:T]/g, "").slice(0, 14);
  if (year < 1970 || read !== [years, months, days, hours, minutes, seconds].join("")) {
    throw new LineFault("an expiry-time is a time that does not exist");
  }
  return zone === undefined ? new Date(year, month, day, hour, minute, second).getTime() : utc.getTime();
}
