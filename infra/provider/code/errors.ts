/** The code cannot be deployed as it is; the message says where and why. */
export class CodeError extends Error {}
