// The two switches, and what a printer needs: everything open, light. The page is whole without it.
const root = document.documentElement
const pressed = (button, on) => button.setAttribute("aria-pressed", String(on))
const language = document.getElementById("language")
const colours = document.getElementById("colours")
const speak = chinese => {
  root.classList.toggle("in-zh", chinese)
  root.lang = chinese ? "zh" : "en"
  pressed(language, chinese)
}
const paint = dark => {
  root.dataset.colours = dark ? "dark" : "light"
  pressed(colours, dark)
}
let dark = matchMedia("(prefers-color-scheme: dark)").matches
speak(/^zh\b/.test(navigator.language) || location.search === "?zh")
paint(dark)
language.addEventListener("click", () => speak(root.lang === "en"))
colours.addEventListener("click", () => paint((dark = !dark)))
let opened = []
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("details:not([open])")]
  for (const each of opened) each.open = true
  paint(false)
})
addEventListener("afterprint", () => {
  for (const each of opened) each.open = false
  paint(dark)
})
