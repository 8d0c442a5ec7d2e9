/** The injected web-vitals script as text; built by scripts/vite/vitals-source.ts. */
declare module 'virtual:pageflame-vitals' {
  const source: string;
  export default source;
}

/** package.json's version; every build and vitest puts it in. */
declare const PAGEFLAME_VERSION: string;
/** The trace kernel as WebAssembly; built by scripts/vite/kernel.ts. */
declare module 'virtual:pageflame-kernel' {
  const readKernel: () => Uint8Array<ArrayBuffer>;
  export default readKernel;
}

/** The part of js-beautify that prints JavaScript; its own types are of the whole package alone. */
declare module 'js-beautify/js/lib/beautify.js' {
  export function js_beautify(
    text: string,
    options: {
      readonly indent_size: number;
      readonly max_preserve_newlines: number;
      readonly break_chained_methods: boolean;
    },
  ): string;
}
