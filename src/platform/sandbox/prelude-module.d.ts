declare module 'virtual:patron-sandbox-prelude' {
  /** The platform's end in a sandboxed worker as one classic script. */
  export const prelude: string;
}
