/** The injected web-vitals script as text; built by scripts/vite/vitals-source.ts. */
declare module 'virtual:pageflame-vitals' {
  const source: string;
  export default source;
}

/** package.json's version; every build and vitest puts it in. */
declare const PAGEFLAME_VERSION: string;
/** The trace kernel as WebAssembly in base64; built by scripts/vite/kernel.ts. */
declare module 'virtual:pageflame-kernel' {
  const base64: string;
  export default base64;
}
