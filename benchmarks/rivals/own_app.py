"""The same small job in our way, a view of its own that draws one SVG: a notebook's only cell, on our server and configuration."""

import anywidget
import traitlets
from IPython.display import display

from benchmarks.rivals.job import FIELDS, FIRST, answer


class Small(anywidget.AnyWidget):
    """The form, the board and the list."""

    _esm = """
    const NS = "http://www.w3.org/2000/svg";
    const node = (name, attributes, text, space) => {
      const made = space ? document.createElementNS(space, name) : document.createElement(name);
      for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
      made.textContent = text;
      return made;
    };
    function render({ model, el }) {
      const form = node("form", {}, "");
      for (const [name, [label, states]] of Object.entries(model.get("fields"))) {
        const group = node("fieldset", {}, "");
        group.append(node("legend", {}, label));
        for (const [state, words] of Object.entries(states)) {
          const radio = node("input", { type: "radio", name, value: state }, "");
          radio.checked = model.get("state")[name] === state;
          radio.addEventListener("change", () => model.send({ [name]: state }));
          const line = node("label", {}, words);
          line.prepend(radio);
          group.append(line);
        }
        form.append(group);
      }
      const board = node("div", {}, ""), options = node("ul", {}, "");
      const draw = () => {
        const { bars, options: listed } = model.get("found");
        const lanes = [...new Set(bars.map(([lane]) => lane))];
        const svg = node("svg", { class: "board", width: 1000, height: lanes.length * 60 }, "", NS);
        for (const [lane, start, months, name] of bars) {
          const [x, y] = [start * 8, lanes.indexOf(lane) * 60];
          svg.append(node("rect", { x, y, width: months * 8, height: 50, fill: "#4466aa", stroke: "white" }, "", NS));
          svg.append(node("text", { class: "bartext", x, y: y + 30, "font-size": 8 }, name, NS));
        }
        board.replaceChildren(svg);
        options.replaceChildren(...listed.map(([regimen, verdict]) => node("li", {}, `${regimen}: ${verdict}`)));
      };
      model.on("change:found", draw);
      el.append(form, board, options);
      draw();
    }
    export default { render };
    """
    fields = traitlets.Dict(FIELDS).tag(sync=True)
    state = traitlets.Dict(FIRST).tag(sync=True)
    found = traitlets.Dict().tag(sync=True)

    def __init__(self) -> None:
        super().__init__(found=vars(answer(FIRST)))
        self.on_msg(self.heard)

    def heard(self, _: object, changes: dict[str, str], __: object) -> None:
        """Takes a change of the form over."""
        self.state = {**self.state, **changes}
        self.found = vars(answer(self.state))


display(Small())
