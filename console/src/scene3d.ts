// Robot and scene in three dimensions, by three.js: shapes once, then poses; a picture for each new pose, at
// most ten a second. The base frame's z goes up.
import {
  BoxGeometry, BufferGeometry, CapsuleGeometry, CylinderGeometry, DirectionalLight, Float32BufferAttribute, Group,
  HemisphereLight, Line, LineBasicMaterial, Mesh, MeshLambertMaterial, PerspectiveCamera, Scene, SphereGeometry, Vector3, WebGLRenderer,
} from "three";
import type { SceneNews } from "./live.svelte";
import type { ShapeInfo } from "./wire";

const leastMs = 95; // between two pictures
const pathColour = 0xff8c1a;
const keyStep = 0.12, dragStep = 0.008, zoomStep = 1.15;

// Cylinders of three.js stand along y, those of the scene along z.
function geometryOf(shape: ShapeInfo): BufferGeometry | undefined {
  const [a = 0, b = 0, c = 0] = shape.size;
  switch (shape.kind) {
    case "box":
      return new BoxGeometry(2 * a, 2 * b, 2 * c);
    case "sphere":
      return new SphereGeometry(a, 16, 12);
    case "ellipsoid":
      return new SphereGeometry(1, 16, 12).scale(a, b, c);
    case "cylinder":
      return new CylinderGeometry(a, a, 2 * b, 20).rotateX(Math.PI / 2);
    case "capsule":
      return new CapsuleGeometry(a, 2 * b, 4, 12).rotateX(Math.PI / 2);
    default:
      return undefined; // a mesh: its points are not on the tape
  }
}

function meshOf(shape: ShapeInfo): Mesh | undefined {
  const geometry = geometryOf(shape);
  const [red = 0, green = 0, blue = 0, alpha = 1] = shape.rgba;
  if (!geometry || alpha === 0) return undefined;
  const material = new MeshLambertMaterial({ transparent: alpha < 1, opacity: alpha });
  material.color.setRGB(red, green, blue, "srgb");
  const mesh = new Mesh(geometry, material);
  place(mesh, [...shape.position, ...shape.rotation], 0);
  return mesh;
}

function place(thing: Mesh | Group, numbers: number[], at: number): void {
  const [x = 0, y = 0, z = 0, w = 1, i = 0, j = 0, k = 0] = numbers.slice(at, at + 7);
  thing.position.set(x, y, z);
  thing.quaternion.set(i, j, k, w);
}

export class SceneView {
  drawn = 0; // pictures so far

  private renderer: WebGLRenderer;
  private scene = new Scene();
  private camera = new PerspectiveCamera(45, 1, 0.01, 20);
  private links: Group[] = [];
  private path = new Line(new BufferGeometry(), new LineBasicMaterial({ color: pathColour, depthTest: false }));
  private target = new Vector3();
  private distance = 1;
  private azimuth = -0.7;
  private elevation = 0.55;
  private drawnMs = -Infinity;
  private later: ReturnType<typeof setTimeout> | undefined;

  constructor(private canvas: HTMLCanvasElement) {
    this.renderer = new WebGLRenderer({ canvas, alpha: true, antialias: true });
    this.camera.up.set(0, 0, 1);
    const sun = new DirectionalLight(0xffffff, 1.6);
    sun.position.set(0.5, -1, 2);
    this.scene.add(new HemisphereLight(0xffffff, 0x777777, 1.8), sun, this.path);
    this.path.renderOrder = 1;
    this.path.frustumCulled = false;
    canvas.addEventListener("pointerdown", (event) => canvas.setPointerCapture(event.pointerId));
    canvas.addEventListener("pointermove", (event) => this.drag(event));
    canvas.addEventListener("wheel", (event) => this.zoom(event), { passive: false });
    canvas.addEventListener("keydown", (event) => this.key(event));
    this.resize();
  }

  take(news: SceneNews): void {
    if (news.type === "sceneshapes") return this.build(news.links, news.shapes);
    if (news.type === "gripperpath") {
      this.path.geometry.dispose();
      this.path.geometry = new BufferGeometry().setAttribute("position", new Float32BufferAttribute(news.points, 3));
      return;
    }
    const first = this.links.length > 0 && this.drawn === 0;
    this.links.forEach((link, i) => place(link, news.poses, 7 * i));
    if (first) this.lookAtAll();
    this.draw();
  }

  resize(): void {
    const { clientWidth, clientHeight } = this.canvas;
    if (clientWidth === 0 || clientHeight === 0) return;
    this.renderer.setSize(clientWidth, clientHeight, false);
    this.camera.aspect = clientWidth / clientHeight;
    this.camera.updateProjectionMatrix();
    this.draw();
  }

  end(): void {
    clearTimeout(this.later);
    this.forget();
    this.path.geometry.dispose();
    this.renderer.dispose();
  }

  private build(names: string[], shapes: ShapeInfo[]): void {
    this.forget();
    this.links = names.map(() => new Group());
    for (const shape of shapes) {
      const mesh = meshOf(shape);
      if (mesh) this.links[shape.link]?.add(mesh);
    }
    if (this.links.length > 0) this.scene.add(...this.links);
  }

  private forget(): void {
    for (const link of this.links) {
      this.scene.remove(link);
      for (const mesh of link.children as Mesh[]) {
        mesh.geometry.dispose();
        (mesh.material as MeshLambertMaterial).dispose();
      }
    }
    this.links = [];
  }

  // The middle of the links, from as far as shows them; one that is far away does not count.
  private lookAtAll(): void {
    const middle = new Vector3();
    for (const link of this.links) middle.addScaledVector(link.position, 1 / this.links.length);
    const radii = this.links.map((link) => link.position.distanceTo(middle)).sort((a, b) => a - b);
    this.target.copy(middle);
    this.distance = Math.max(0.3, 4.5 * radii[radii.length >> 1]!);
  }

  // Now, or as soon as the last picture is old enough.
  private draw(): void {
    const waitMs = this.drawnMs + leastMs - performance.now();
    if (waitMs > 0) {
      this.later ??= setTimeout(() => {
        this.later = undefined;
        this.draw();
      }, waitMs);
      return;
    }
    this.drawnMs = performance.now();
    const flat = Math.cos(this.elevation) * this.distance;
    this.camera.position.set(
      this.target.x + flat * Math.cos(this.azimuth),
      this.target.y + flat * Math.sin(this.azimuth),
      this.target.z + Math.sin(this.elevation) * this.distance,
    );
    this.camera.lookAt(this.target);
    this.renderer.render(this.scene, this.camera);
    if (this.links.length > 0) ++this.drawn;
  }

  private turn(right: number, up: number): void {
    this.azimuth += right;
    this.elevation = Math.min(1.5, Math.max(-0.2, this.elevation + up));
    this.draw();
  }

  private drag(event: PointerEvent): void {
    if (event.buttons !== 0) this.turn(-event.movementX * dragStep, event.movementY * dragStep);
  }

  private scale(factor: number): void {
    this.distance = Math.min(8, Math.max(0.1, this.distance * factor));
    this.draw();
  }

  private zoom(event: WheelEvent): void {
    event.preventDefault();
    this.scale(event.deltaY > 0 ? zoomStep : 1 / zoomStep);
  }

  private key(event: KeyboardEvent): void {
    const turns: Record<string, [number, number]> = {
      ArrowLeft: [-keyStep, 0], ArrowRight: [keyStep, 0], ArrowUp: [0, keyStep], ArrowDown: [0, -keyStep],
    };
    const turn = turns[event.key];
    if (turn) this.turn(...turn);
    else if (event.key === "+") this.scale(1 / zoomStep);
    else if (event.key === "-") this.scale(zoomStep);
    else return;
    event.preventDefault();
  }
}
