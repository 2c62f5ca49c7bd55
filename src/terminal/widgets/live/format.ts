const UNITS = ["B", "kB", "MB", "GB", "TB", "PB"];

/** A number of bytes in three digits or so, with its unit: `12.3 MB`. A kB is 1,000 bytes. */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  // What would be rounded up to a thousand belongs to the next unit.
  for (; value >= 999.5 && unit < UNITS.length - 1; unit++) value /= 1000;
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}

/** A number of things: whole if it is, else with one digit behind the point. */
export function formatCount(count: number): string {
  return Number.isInteger(count) ? String(count) : count.toFixed(1);
}

/** Seconds as `0:05`, `12:34` or `1:02:03`; `--:--` for what is not known or takes days. */
export function formatDuration(seconds: number | undefined): string {
  if (seconds === undefined || !(seconds < 360_000)) return "--:--";
  const whole = Math.max(0, Math.ceil(seconds));
  const minutes = Math.floor(whole / 60);
  const two = (number: number): string => String(number).padStart(2, "0");
  if (minutes < 60) return `${minutes}:${two(whole % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`;
}
