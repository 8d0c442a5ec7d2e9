/** The injected web-vitals script as text; built by scripts/vite/vitals-source.ts. */
declare module 'virtual:pageflame-vitals' {
  const source: string;
  export default source;
}
