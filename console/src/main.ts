import { mount } from "svelte";
import App from "./App.svelte";
import { tokenOfLink, logIn } from "./session";
import "./style.css";

const token = tokenOfLink();
if (token !== undefined) void logIn(token);
else mount(App, { target: document.getElementById("app")! });
