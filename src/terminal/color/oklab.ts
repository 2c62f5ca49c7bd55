/**
 * A colour in OKLab (Björn Ottosson, "A perceptual color space for image processing", 2020): lightness 0 to 1, and two
 * axes of colour. Equal distances look about equally different.
 */
export interface Lab {
  readonly lightness: number;
  /** From green to red. */
  readonly a: number;
  /** From blue to yellow. */
  readonly b: number;
}

/** The light of each of the 256 levels of a channel (IEC 61966-2-1, sRGB). */
const light = Float64Array.from({ length: 256 }, (_, level) => {
  const value = level / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
});

/** The colour of three levels from 0 to 255. */
export function oklab(red: number, green: number, blue: number): Lab {
  const r = light[red] ?? 0;
  const g = light[green] ?? 0;
  const b = light[blue] ?? 0;
  const long = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const medium = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const short = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return {
    lightness: 0.2104542553 * long + 0.793617785 * medium - 0.0040720468 * short,
    a: 1.9779984951 * long - 2.428592205 * medium + 0.4505937099 * short,
    b: 0.0259040371 * long + 0.7827717662 * medium - 0.808675766 * short,
  };
}
