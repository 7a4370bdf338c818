// Served once for all dashboards, instead of carried by each: see build.mjs.
// @ts-expect-error The package has no types.
import Plotly from "plotly.js-cartesian-dist-min";

export default Plotly;
