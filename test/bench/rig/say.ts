/** Tells what is being done; one line, no line break. */
export type Say = (line: string) => void;

/** Lines on standard error with the time since the start. */
export function sayer(now: () => number = () => performance.now()): Say {
  const start = now();
  return (line) => {
    const seconds = Math.round((now() - start) / 1000);
    const minutes = String(Math.floor(seconds / 60)).padStart(2, '0');
    process.stderr.write(`[${minutes}:${String(seconds % 60).padStart(2, '0')}] ${line}\n`);
  };
}
