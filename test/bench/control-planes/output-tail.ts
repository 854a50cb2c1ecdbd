/** Keeps the end of what a process writes. */
export function outputTail(bytes = 64 * 1024): { readonly add: (chunk: Buffer) => void; readonly text: () => string } {
  let kept = Buffer.alloc(0);
  return {
    add: (chunk) => {
      kept = Buffer.concat([kept, chunk]).subarray(-bytes);
    },
    text: () => kept.toString(),
  };
}
