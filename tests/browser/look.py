#!/usr/bin/env python3
"""look.py CHROMIUM FOLDER PAGE...: opens pages in headless Chromium, at 360 and 1,600 pixels, light and
dark, and on paper. Fails where the console has a word, something is loaded beside the page, a script is
in it, something is wider than the window or the sheet, or is drawn outside of its picture. Screenshots
go to FOLDER. Speaks the DevTools protocol over a pipe, so that no library is needed."""
import base64
import json
import os
import pathlib
import subprocess
import sys
import tempfile

WIDTHS = (360, 1600)
SHEET = 688  # of A4 at 96 dots an inch, without the margins

# What is too wide: of the page, and each element that leaves the window and is not in a box that scrolls.
MEASURE = """(wide => {
  const scrolls = e => e && (e.closest('.scroll') !== null || e.closest('details:not([open])') !== null);
  const outside = [...document.querySelectorAll('body *')].filter(e => {
    const box = e.getBoundingClientRect();
    return box.width > 0 && !scrolls(e) && (box.right > wide + 1 || box.left < -1);
  }).map(e => e.tagName + ' ' + e.textContent.slice(0, 40));
  const cut = [...document.querySelectorAll('svg.picture')].flatMap(svg => {
    const frame = svg.getBoundingClientRect();
    if (frame.width === 0) return [];
    return [...svg.querySelectorAll('text')].filter(text => {
      const box = text.getBoundingClientRect();
      return box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 ||
        box.bottom > frame.bottom + 1;
    }).map(text => text.textContent);
  });
  const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
  return {width: document.documentElement.scrollWidth, outside, cut,
    height: document.documentElement.scrollHeight, scripts: document.scripts.length,
    twice: ids.filter((id, i) => ids.indexOf(id) !== i), title: document.title,
    pictures: document.querySelectorAll('svg.picture').length};
})(%d)"""


class Browser:
    """Commands go to file descriptor 3 of Chromium, answers and events come from 4."""

    def __init__(self, program, profile):
        to_browser, self.commands = os.pipe()
        self.answers, from_browser = os.pipe()

        def take_pipes():
            # Both ends first out of the way of the numbers that they are to have.
            ends = [os.dup2(to_browser, 60), os.dup2(from_browser, 61)]
            for number, end in zip((3, 4), ends):
                os.dup2(end, number)

        self.process = subprocess.Popen(
            [program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--remote-debugging-pipe", "--force-device-scale-factor=1", "--hide-scrollbars",
             f"--user-data-dir={profile}"],
            preexec_fn=take_pipes, close_fds=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self.left = b""
        self.number = 0
        self.session = None
        self.events = []

    def receive(self):
        while b"\0" not in self.left:
            piece = os.read(self.answers, 1 << 20)
            if not piece:
                sys.exit("look.py: Chromium has ended")
            self.left += piece
        message, self.left = self.left.split(b"\0", 1)
        return json.loads(message)

    def ask(self, method, **parameters):
        self.number += 1
        command = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            command["sessionId"] = self.session
        os.write(self.commands, json.dumps(command).encode() + b"\0")
        while True:
            message = self.receive()
            if message.get("id") == self.number:
                if "error" in message:
                    sys.exit(f"look.py: {method}: {message['error']}")
                return message["result"]
            self.events.append(message)

    def wait_for(self, event):
        while not any(each.get("method") == event for each in self.events):
            self.events.append(self.receive())

    def evaluate(self, script):
        result = self.ask("Runtime.evaluate", expression=script, returnByValue=True)
        if "exceptionDetails" in result:
            sys.exit(f"look.py: {result['exceptionDetails']}")
        return result["result"]["value"]


def said(events):
    """Words in the console, and what was loaded."""
    words, loaded = [], []
    for event in events:
        method, told = event.get("method"), event.get("params", {})
        if method == "Log.entryAdded":
            words.append(told["entry"]["text"])
        elif method in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown"):
            words.append(json.dumps(told))
        elif method == "Network.requestWillBeSent":
            loaded.append(told["request"]["url"])
    return words, loaded


def look(browser, page, folder):
    wrong = []
    address = pathlib.Path(page).resolve().as_uri()
    name = pathlib.Path(page).stem
    for width in WIDTHS:
        for scheme in ("light", "dark"):
            where = f"{page} at {width} pixels, {scheme}"
            browser.ask("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1,
                        mobile=width < 500)
            browser.ask("Emulation.setEmulatedMedia", media="screen",
                        features=[{"name": "prefers-color-scheme", "value": scheme}])
            browser.events.clear()
            browser.ask("Page.navigate", url=address)
            browser.wait_for("Page.loadEventFired")
            for is_open in (False, True):  # what is seen on demand is looked at, too
                if is_open:
                    browser.evaluate("document.querySelectorAll('details').forEach(e => e.open = true), 0")
                seen = browser.evaluate(MEASURE % width)
                # A phone zooms out of a page that is too wide: its window is no measure.
                if seen["width"] > width:
                    wrong.append(f"{where}: it is {seen['width']} pixels wide")
                for what in ("outside", "cut", "twice"):
                    if seen[what]:
                        wrong.append(f"{where}: {what}: {seen[what][:5]}")
                if seen["scripts"] or not seen["title"] or not seen["pictures"]:
                    wrong.append(f"{where}: {seen}")
            words, loaded = said(browser.events)
            if words:
                wrong.append(f"{where}: the console says {words}")
            if loaded != [address]:
                wrong.append(f"{where}: it loads {loaded}")
            shot = browser.ask("Page.captureScreenshot", format="png", captureBeyondViewport=True,
                               clip={"x": 0, "y": 0, "width": width, "height": min(seen["height"], 12000),
                                     "scale": 1})
            (folder / f"{name}-{width}-{scheme}.png").write_bytes(base64.b64decode(shot["data"]))
    browser.ask("Emulation.setDeviceMetricsOverride", width=SHEET, height=1017, deviceScaleFactor=1, mobile=False)
    browser.ask("Emulation.setEmulatedMedia", media="print", features=[])
    wide = browser.evaluate("document.documentElement.scrollWidth")
    if wide > SHEET:
        wrong.append(f"{page} on paper: it is {wide} pixels wide")
    paper = browser.ask("Page.printToPDF", paperWidth=8.27, paperHeight=11.69, preferCSSPageSize=True)
    (folder / f"{name}.pdf").write_bytes(base64.b64decode(paper["data"]))
    return wrong


def main():
    program, folder, pages = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3:]
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser(program, profile)
        target = browser.ask("Target.createTarget", url="about:blank")["targetId"]
        browser.session = browser.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            browser.ask(f"{domain}.enable")
        wrong = [each for page in pages for each in look(browser, page, folder)]
        browser.session = None
        browser.ask("Browser.close")
        browser.process.wait(timeout=30)
    for each in wrong:
        print("FAILED:", each[:400])
    print(f"{len(pages)} pages, {len(wrong)} faults; screenshots in {folder}")
    sys.exit(1 if wrong or not pages else 0)


if __name__ == "__main__":
    main()
