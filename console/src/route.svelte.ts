// The page that the address asks for: "#/episodes/0/17" is ["episodes", "0", "17"].
function read(): string[] {
  return location.hash.replace(/^#\/?/, "").split("/").filter((part) => part !== "").map(decodeURIComponent);
}

class Route {
  parts = $state.raw(read());

  constructor() {
    addEventListener("hashchange", () => (this.parts = read()));
  }
}

export const route = new Route();

export function go(...parts: (string | number)[]): void {
  location.hash = `#/${parts.map((part) => encodeURIComponent(part)).join("/")}`;
  route.parts = read(); // the browser's event comes later; a key pressed meanwhile belongs to the new page
}
