import { StringDecoder } from 'node:string_decoder';

/** A line longer than this is cut: nothing that is meant for us is. */
const LONGEST_LINE = 256 * 1024;

/** Makes lines of the chunks that a process writes; calls back with each whole line, without its end. */
export function lineSplitter(onLine: (line: string) => void): (chunk: Buffer) => void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  return (chunk) => {
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = (lines.pop() ?? '').slice(0, LONGEST_LINE);
    for (const line of lines) onLine(line);
  };
}
