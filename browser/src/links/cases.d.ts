/** Rows that tests of Python read too: an address, and whether the link logs out. */
declare module '*.cases.json' {
  const rows: [address: string, logsOut: boolean][];
  export default rows;
}
