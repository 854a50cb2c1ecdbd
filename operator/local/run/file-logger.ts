import { rfc3339Micro, type Clock } from '../../framework/clock.ts';
import { type LogFields, loggable, type Logger, type LogLevel } from '../../framework/log.ts';
import type { LogFile } from '../processes/log-file.ts';

const LEVELS: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/** The control plane's log as JSON lines in a file: the terminal belongs to the picture. */
export function fileLogger(file: LogFile, clock: Clock, level: LogLevel = 'info', fields: LogFields = {}): Logger {
  const write =
    (of: LogLevel) =>
    (message: string, more: LogFields = {}): void => {
      if (LEVELS[of] < LEVELS[level]) return;
      const all = Object.entries({ ...fields, ...more }).map(([key, value]) => [key, loggable(value)]);
      const line = { time: rfc3339Micro(clock.now()), level: of, message, ...Object.fromEntries(all) };
      file.write(`${JSON.stringify(line)}\n`);
    };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (more) => fileLogger(file, clock, level, { ...fields, ...more }),
  };
}
