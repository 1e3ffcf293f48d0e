import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

// Plain file names: the program that holds the files answers for their version.
export default defineConfig({
  plugins: [svelte()],
  build: {
    target: "es2022",
    modulePreload: { polyfill: false },
    rollupOptions: {
      output: {
        entryFileNames: "console.js",
        chunkFileNames: "[name].js",
        manualChunks: { three: ["three"] },
        assetFileNames: "[name][extname]",
      },
    },
  },
});
