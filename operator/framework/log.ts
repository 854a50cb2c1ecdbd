import winston from 'winston';

/** How much is said. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** What a line is about; an `Error` among the values is written with its stack and its causes. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Where the framework and its users log. Messages are constant; data goes into the fields. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger that adds these fields to every line. */
  child(fields: LogFields): Logger;
}

/** How {@link createLogger} writes. */
export interface LoggerOptions {
  /** Default: `info`. */
  readonly level?: LogLevel;
  /** One JSON object a line, or text for people. Default: `json`. */
  readonly format?: 'json' | 'pretty';
  /** Write everything to stderr, so that stdout stays free for output. Default: false. */
  readonly stderr?: boolean;
}

/** A logger over winston with one Console transport. */
export function createLogger(options: LoggerOptions = {}): Logger {
  const { combine, timestamp, json, printf } = winston.format;
  const levels: LogLevel[] = ['error', 'warn', 'info', 'debug'];
  return new WinstonLogger(
    winston.createLogger({
      level: options.level ?? 'info',
      levels: { error: 0, warn: 1, info: 2, debug: 3 },
      format: options.format === 'pretty' ? combine(timestamp(), printf(prettyLine)) : combine(timestamp(), json()),
      transports: [new winston.transports.Console(options.stderr === true ? { stderrLevels: levels } : {})],
    }),
    {},
  );
}

/** A logger that says nothing. */
export const silentLogger: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  child: () => silentLogger,
};

class WinstonLogger implements Logger {
  readonly #winston: winston.Logger;
  readonly #fields: LogFields;

  // winston's own child() lets a field `message` overwrite the message, hence the fields are kept here.
  constructor(logger: winston.Logger, fields: LogFields) {
    this.#winston = logger;
    this.#fields = fields;
  }

  debug(message: string, fields?: LogFields): void {
    this.#log('debug', message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.#log('info', message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.#log('warn', message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.#log('error', message, fields);
  }

  child(fields: LogFields): Logger {
    return new WinstonLogger(this.#winston, { ...this.#fields, ...fields });
  }

  #log(level: LogLevel, message: string, fields: LogFields | undefined): void {
    if (!this.#winston.isLevelEnabled(level)) return;
    const entry: Record<string, unknown> = {};
    for (const [key, value] of Object.entries({ ...this.#fields, ...fields })) entry[key] = loggable(value);
    this.#winston.log({ ...entry, level, message });
  }
}

/** A value as it is logged: errors with message, stack and causes (at most five deep), the rest as it is. */
export function loggable(value: unknown, depth = 0): unknown {
  if (!(value instanceof Error)) return value;
  const { cause } = value;
  return {
    message: value.message,
    ...(value.stack === undefined ? {} : { stack: value.stack }),
    ...(cause === undefined || depth >= 5 ? {} : { cause: loggable(cause, depth + 1) }),
  };
}

function prettyLine(info: winston.Logform.TransformableInfo): string {
  const { level, message, timestamp, ...fields } = info;
  const time = String(timestamp).slice(11, 19);
  const rest = Object.entries(fields).map(([key, value]) => ` ${key}=${prettyValue(value)}`);
  return `${time} ${level.padEnd(5)} ${String(message)}${rest.join('')}`;
}

function prettyValue(value: unknown): string {
  if (typeof value === 'string') return /^[\w./:-]+$/.test(value) ? value : JSON.stringify(value);
  if (typeof value === 'object' && value !== null && 'stack' in value) return `\n${String(value.stack)}`;
  return JSON.stringify(value) ?? String(value);
}
