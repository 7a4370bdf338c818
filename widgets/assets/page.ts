// What Voilà's front end expects of its page. Voilà writes this into the page itself; our policy runs no inline script.
interface VoilaPage {
  themeLoaded?: boolean; // set by Voilà when its theme is there
  cellLoaded?: boolean; // whether Voilà is then to call voila_finish
  voila_finish?: () => void;
}

((page: VoilaPage) => {
  page.voila_finish = () => {
    if (!page.themeLoaded) {
      page.cellLoaded = true;
      return;
    }
    document.getElementById("loading")?.remove();
    document.getElementById("rendered_cells")?.style.removeProperty("display");
  };
  document.addEventListener("DOMContentLoaded", page.voila_finish);
})(window as VoilaPage);
