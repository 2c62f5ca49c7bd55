const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** How long something lasted, in the two units that say most of it: `12s`, `5m`, `3h 12m`, `2d 4h`. */
export function durationOf(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < MINUTE) return `${seconds}s`;
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)}m`;
  if (seconds < DAY) return `${Math.floor(seconds / HOUR)}h ${Math.floor((seconds % HOUR) / MINUTE)}m`;
  return `${Math.floor(seconds / DAY)}d ${Math.floor((seconds % DAY) / HOUR)}h`;
}

/** A moment as a list shows it: the time for one of today, else the day. In the time zone of the server. */
export function momentOf(at: number, now: number = Date.now()): string {
  const then = partsOf(at);
  const today = partsOf(now);
  return then.day === today.day ? then.time : then.day;
}

/** A moment in full: `2026-11-26 04:53`. */
export function fullMomentOf(at: number): string {
  const { day, time } = partsOf(at);
  return `${day} ${time}`;
}

/** As `date` prints it: `Thu Nov 26 04:53:18 UTC 2026`. */
export function dateOf(at: number, timeZone: string | undefined): string {
  const parts = new Intl.DateTimeFormat("en-US", {
    weekday: "short",
    month: "short",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
    timeZoneName: "short",
    year: "numeric",
    ...(timeZone !== undefined && { timeZone }),
  }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((one) => one.type === type)?.value ?? "";
  const time = [part("hour"), part("minute"), part("second")].join(":");
  return [part("weekday"), part("month"), part("day"), time, part("timeZoneName"), part("year")].join(" ");
}

function partsOf(at: number): { readonly day: string; readonly time: string } {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, "0");
  return {
    day: `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`,
    time: `${two(date.getHours())}:${two(date.getMinutes())}`,
  };
}
