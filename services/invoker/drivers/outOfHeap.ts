/** Whether a line of stderr is what V8 writes before it ends its process for lack of memory. */
export const isOutOfHeap = (line: string): boolean => /^FATAL ERROR: .*JavaScript heap out of memory/.test(line);
