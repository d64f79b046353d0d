package browser_test

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/topicgate/topicgate/pkg/report"
)

const (
	topicsTable = `[data-table="topics"]`
	firstRow    = `document.querySelector('[data-table="topics"] tbody tr')`
	rowsShown   = `document.querySelectorAll('[data-table="topics"] tbody tr').length`
	toldOf      = `document.querySelector('[data-table="topics"] output').textContent`
	overflow    = `document.documentElement.scrollWidth - document.documentElement.clientWidth`
)

// head presses the button of a column.
func head(b *tab, name string) {
	b.Helper()
	b.do(chromedp.Evaluate[chromedp.Void](`[...document.querySelectorAll('[data-table="topics"] th button')].find(h => h.textContent === "` + name + `").click()`))
}

func TestThePageOfAnAudit(t *testing.T) {
	chrome := start(t)
	t.Run("loads nothing, complains of nothing and runs nothing that a stranger wrote", func(t *testing.T) {
		b := chrome.open(t, world(60), 1440, 1000)
		b.quiet()
		assert.False(t, ask[bool](b, `"owned" in window`))
		assert.Zero(t, ask[int](b, `document.querySelectorAll("img").length`))
		assert.Contains(t, ask[string](b, `document.body.textContent`), `\u202e\u001b[31m`)
		assert.Zero(t, ask[int](b, overflow))
		b.shoot("audit-desktop")
	})
	t.Run("a policy stands between strangers and scripts", func(t *testing.T) {
		b := chrome.open(t, world(1), 1440, 1000)
		b.do(chromedp.Evaluate[chromedp.Void](`document.body.insertAdjacentHTML("beforeend", '<img src=x onerror="window.owned=1"><iframe src="https://kafka.example"></iframe>')`))
		b.do(chromedp.Evaluate[chromedp.Void](`{ const s = document.createElement("script"); s.textContent = "window.owned = 1"; document.body.append(s) }`))
		assert.False(t, ask[bool](b, `"owned" in window`))
	})
	t.Run("sorts", func(t *testing.T) { sorts(t, chrome) })
	t.Run("searches", func(t *testing.T) { searches(t, chrome) })
	t.Run("can be used without a mouse", func(t *testing.T) {
		b := chrome.open(t, world(60), 1440, 1000)
		b.do(chromedp.Focus(topicsTable+" input"), chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Enter))
		assert.Equal(t, "ascending", ask[string](b, `document.activeElement.parentElement.getAttribute("aria-sort")`), "the first column's button")
		b.do(chromedp.KeyEvent(kb.Enter))
		assert.Equal(t, "descending", ask[string](b, `document.activeElement.parentElement.getAttribute("aria-sort")`))
	})
	t.Run("fits a phone", func(t *testing.T) {
		b := chrome.open(t, world(12), 375, 812, chromedp.EmulateViewport(375, 812, chromedp.EmulateScale(2), chromedp.EmulateMobile))
		b.quiet()
		assert.Zero(t, ask[int](b, overflow), "no sideways scrolling")
		assert.Equal(t, 375, ask[int](b, `document.documentElement.clientWidth`))
		b.shoot("audit-phone")
	})
	t.Run("cuts nothing off, however wide the window is", func(t *testing.T) {
		for _, width := range []int64{320, 375, 620, 768, 1024, 1260, 1261, 1280, 1440, 1920} {
			b := chrome.open(t, selected(60, report.AuditSelection{Ignored: true}), width, 1000)
			assert.Zero(t, ask[int](b, overflow), width)
			assert.Empty(t, ask[[]string](b, cutOff), width)
			if width == 768 {
				b.shoot("audit-tablet")
			}
		}
	})
	t.Run("is dark where everything is", func(t *testing.T) {
		b := chrome.open(t, world(60), 1440, 1000, media("prefers-color-scheme", "dark"))
		assert.Equal(t, "rgb(14, 19, 26)", ask[string](b, `getComputedStyle(document.body).backgroundColor`))
		b.quiet()
		b.shoot("audit-dark")
	})
	t.Run("has enough contrast, light and dark", func(t *testing.T) {
		for _, scheme := range []string{"light", "dark"} {
			b := chrome.open(t, world(60), 1440, 1000, media("prefers-color-scheme", scheme))
			assert.Empty(t, ask[[]string](b, contrast), scheme)
		}
	})
	t.Run("prints", func(t *testing.T) {
		b := chrome.open(t, world(60), 1440, 1000)
		paper, err := chromedp.Run(b.ctx, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize(), chromedp.PDFPrintBackground()))
		require.NoError(t, err)
		assert.True(t, strings.HasPrefix(string(paper), "%PDF-"))
		artifact(t, "audit-print.pdf", paper)
		b.do(send(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"}))
		assert.Equal(t, "none", ask[string](b, `getComputedStyle(document.querySelector(".tools")).display`))
	})
	t.Run("can be read without scripts", func(t *testing.T) {
		b := chrome.open(t, world(600), 1440, 1000, scripts(true))
		b.quiet()
		b.do(scripts(false)) // only to ask
		assert.Equal(t, 500, ask[int](b, rowsShown))
		assert.Equal(t, "none", ask[string](b, `getComputedStyle(document.querySelector(".tools")).display`))
	})
	t.Run("says so where there is nothing", func(t *testing.T) {
		empty := world(0)
		empty.Clusters[0] = report.AuditCluster{Name: "prod", Counts: report.AuditCounts{Total: 3, Managed: 3}}
		b := chrome.open(t, empty, 1440, 1000)
		b.quiet()
		assert.Contains(t, ask[string](b, `document.body.innerText`), "None is to be listed.")
		b.shoot("audit-empty")
		b = chrome.open(t, report.NewAudit(now()), 1440, 1000)
		b.quiet()
		assert.Contains(t, ask[string](b, `document.body.innerText`), "There is no KafkaCluster.")
	})
	t.Run("10,000 topics stay usable", func(t *testing.T) { thousands(t, chrome) })
}

func sorts(t *testing.T, chrome browser) {
	b := chrome.open(t, world(60), 1440, 1000)
	size := `[...document.querySelectorAll('[data-table="topics"] tbody tr')].map(r => r.cells[5].dataset.v)`
	head(b, "Size")
	assert.Equal(t, "ascending", ask[string](b, `[...document.querySelectorAll("th")].find(h => h.textContent === "Size").getAttribute("aria-sort")`), "it was descending from the start")
	up := ask[[]string](b, size)
	require.Len(t, up, 61)
	assert.Equal(t, "0", up[0])
	assert.Empty(t, up[60], "what nobody knows comes last")
	head(b, "Size")
	down := ask[[]string](b, size)
	assert.Equal(t, "8796093022208", down[0])
	assert.Empty(t, down[60], "whichever way round")
	head(b, "Topic")
	assert.Contains(t, ask[string](b, firstRow+`.textContent`), "billing")
	assert.Equal(t, 1, ask[int](b, `document.querySelectorAll('[data-table="topics"] th[aria-sort]').length`))
	b.quiet()
}

func searches(t *testing.T, chrome browser) {
	b := chrome.open(t, world(60), 1440, 1000)
	assert.Equal(t, "61 of 61 shown", ask[string](b, toldOf))
	b.do(chromedp.SendKeys(topicsTable+" input", "BILLING adopt"))
	n := ask[int](b, rowsShown)
	assert.Positive(t, n)
	assert.Less(t, n, 20)
	assert.True(t, ask[bool](b, `[...document.querySelectorAll('[data-table="topics"] tbody tr')].every(r => r.textContent.includes("billing"))`))
	b.do(chromedp.Evaluate[chromedp.Void](`document.querySelector('[data-table="topics"] input').value = ""`), chromedp.SendKeys(topicsTable+" input", "no such topic"))
	assert.Zero(t, ask[int](b, rowsShown))
	assert.Equal(t, "0 of 61 shown", ask[string](b, toldOf))
	b.do(chromedp.Evaluate[chromedp.Void](`{ const i = document.querySelector('[data-table="topics"] input'); i.value = ""; i.dispatchEvent(new Event("input")) }`))
	b.do(chromedp.Evaluate[chromedp.Void](`{ const s = document.querySelector('[data-table="topics"] select'); s.value = "Released"; s.dispatchEvent(new Event("change")) }`))
	assert.Equal(t, 12, ask[int](b, rowsShown))
	b.quiet()
}

func thousands(t *testing.T, chrome browser) {
	began := time.Now()
	b := chrome.open(t, world(10_000), 1440, 1000)
	loaded := time.Since(began)
	assert.Equal(t, "first 200 of 10000 that match shown", ask[string](b, toldOf))
	assert.Contains(t, ask[string](b, `document.querySelector("caption").textContent`), "1 more are not in this page")
	elapsed := func(script string) float64 {
		return ask[float64](b, `(() => { const t = performance.now(); `+script+`; document.body.offsetHeight; return performance.now() - t })()`)
	}
	search := elapsed(`const i = document.querySelector('[data-table="topics"] input'); i.value = "fraud 9"; i.dispatchEvent(new Event("input"))`)
	sort := elapsed(`[...document.querySelectorAll("th")].find(h => h.textContent === "Topic").firstChild.click()`)
	t.Logf("loaded in %s, searched in %.0f ms, sorted in %.0f ms", loaded.Round(time.Millisecond), search, sort)
	assert.Less(t, search, 1000.0)
	assert.Less(t, sort, 2000.0)
	assert.Less(t, loaded, 20*time.Second)
	b.do(chromedp.Click(topicsTable + " .more"))
	assert.Equal(t, 400, ask[int](b, rowsShown))
	b.quiet()
}

// cutOff lists what reaches beyond the frame that it is in.
const cutOff = `[...document.querySelectorAll(".frame td > *, .frame th, figure svg, .tile dd")].filter((e) => {
  const inner = e.getBoundingClientRect(), outer = e.closest(".frame, figure, .tile").getBoundingClientRect();
  if (e.tagName === "TH" && getComputedStyle(e.closest("thead")).position === "absolute") return false; // cards have no heads
  return inner.width > 2 && (inner.right > outer.right + 1 || inner.left < outer.left - 1);
}).map((e) => e.tagName + " " + e.textContent.trim().slice(0, 30)).slice(0, 5)`

// contrast lists texts that differ too little from what is behind them: WCAG 2 wants 4.5.
const contrast = `(() => {
  const parse = (c) => { const m = c.match(/[\d.]+/g).map(Number); return { r: m[0], g: m[1], b: m[2], a: m[3] === undefined ? 1 : m[3] } };
  const light = ({ r, g, b }) => { const f = (v) => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4 }; return .2126 * f(r) + .7152 * f(g) + .0722 * f(b) };
  const behind = (e) => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c.a === 1) return c } return { r: 255, g: 255, b: 255 } };
  const poor = new Set();
  for (const e of document.querySelectorAll("body *")) {
    if (![...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()) || ["SCRIPT", "NOSCRIPT", "TITLE", "OPTION"].includes(e.tagName.toUpperCase())) continue;
    const style = getComputedStyle(e), front = parse(e instanceof SVGElement ? style.fill : style.color);
    const [a, b] = [light(front), light(behind(e))].sort((x, y) => y - x);
    const ratio = (a + .05) / (b + .05);
    if (ratio < 4.5) poor.add(e.tagName + "." + e.getAttribute("class") + " " + ratio.toFixed(2) + " " + e.textContent.trim().slice(0, 20));
  }
  return [...poor];
})()`
