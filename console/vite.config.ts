import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type Plugin } from "vite";

// three.js from its sources, without what the 3-D view (src/scene3d.ts) never uses: shaders of materials other
// than lambert and line, textures, shadows, XR, environment maps, storing and picking. A shader that is left out here is an empty text.
function smallThree(): Plugin {
  const sources = new URL("./node_modules/three/src/", import.meta.url).pathname;
  const unusedShaders =
    /ShaderLib\/(background|backgroundCube|cube|depth|distanceRGBA|equirect|linedashed|meshmatcap|meshnormal|meshphong|meshphysical|meshtoon|points|shadow|sprite|vsm)\.glsl|ShaderChunk\/(bsdfs|bumpmap_pars_fragment|clearcoat_\w+|cube_uv_reflection_fragment|displacementmap_\w+|envmap_\w+|gradientmap_\w+|iridescence_\w+|lights_phong_\w+|lights_physical_\w+|lights_toon_\w+|map_particle_\w+|metalnessmap_\w+|morph\w+|roughnessmap_\w+|shadowmap_\w+|shadowmask_\w+|skin\w+|tonemapping_\w+|transmission_\w+)\.glsl/;
  const unusedMethods = /^\t(toJSON|fromJSON|raycast)\([^)]*\) \{$[^]*?^\t\}$/gm; // nothing is stored, nothing picked
  const standIns: Record<string, string> = {
    "renderers/webxr/WebXRManager.js": `
      import { EventDispatcher } from "../../core/EventDispatcher.js";
      export class WebXRManager extends EventDispatcher {
        enabled = false; isPresenting = false; cameraAutoUpdate = true;
        setAnimationLoop() {} dispose() {} getEnvironmentBlendMode() {} hasDepthSensing() { return false; } getDepthSensingMesh() { return null; }
      }`,
    "renderers/webgl/WebGLCubeUVMaps.js": "export function WebGLCubeUVMaps() { return { get: (map) => map, dispose() {} }; }",
    "renderers/webgl/WebGLCubeMaps.js": "export function WebGLCubeMaps() { return { get: (map) => map, dispose() {} }; }",
    "renderers/webgl/WebGLMorphtargets.js": "export function WebGLMorphtargets() { return { update() {} }; }",
    "renderers/webgl/WebGLTextures.js": "export function WebGLTextures() { return { resetTextureUnits() {} }; }",
    "renderers/webgl/WebGLUniformsGroups.js": "export function WebGLUniformsGroups() { return { dispose() {} }; }",
    "renderers/webgl/WebGLUtils.js": "export function WebGLUtils() { return { convert: () => null }; }",
    "renderers/webgl/WebGLShadowMap.js": "export function WebGLShadowMap() { return { enabled: false, render() {} }; }",
  };
  return {
    name: "small-three",
    enforce: "pre",
    transform(code, id) {
      if (!id.startsWith(sources)) return null;
      const standIn = standIns[id.slice(sources.length)];
      if (standIn !== undefined) return { code: standIn, map: null };
      if (!id.endsWith(".glsl.js")) return { code: code.replace(unusedMethods, ""), map: null };
      if (!unusedShaders.test(id)) return { code: code.replace(/^[ \t]+|[ \t]*\/\/.*$/gm, "").replace(/\n{2,}/g, "\n"), map: null };
      return { code: code.replace(/`[^`]*`/g, '""'), map: null };
    },
  };
}

// Plain file names: the program that holds the files answers for their version.
export default defineConfig({
  plugins: [smallThree(), svelte()],
  resolve: { alias: [{ find: /^three$/, replacement: new URL("./node_modules/three/src/Three.js", import.meta.url).pathname }] },
  build: {
    target: "es2022",
    modulePreload: { polyfill: false },
    rollupOptions: {
      output: {
        entryFileNames: "console.js",
        chunkFileNames: "[name].js",
        assetFileNames: "[name][extname]",
        manualChunks: (id) => (id.includes("/three/src/") ? "three" : undefined),
      },
    },
  },
});
