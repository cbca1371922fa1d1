namespace Strata.EndToEnd.Pages;

/// <summary>A walk through a page by the tabulator, as the page itself sees it.</summary>
internal static class Walk
{
    /// <summary>Begins, and says how many controls there are to come to.</summary>
    public const string Controls =
        """
        () => {
            const all = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';
            window.walk = {
                controls: [...document.querySelectorAll(all)].filter(one => !one.disabled && one.checkVisibility()),
                walked: new Set(), unseen: new Set(),
            };
            document.activeElement?.blur();
            return window.walk.controls.length;
        }
        """;

    /// <summary>Notes where the focus is and whether an eye would find it; says how many controls it has been at.</summary>
    public const string Step =
        """
        () => {
            const { controls, walked, unseen } = window.walk;
            const at = document.activeElement;
            if (controls.includes(at)) {
                walked.add(at);
                const style = getComputedStyle(at);
                const ring = getComputedStyle(at.querySelector('circle') ?? at);
                const drawn = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
                    || at.classList.contains('disc') && parseFloat(ring.strokeWidth) >= 3;
                const box = at.getBoundingClientRect();
                const inView = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
                if (!drawn || !inView) {
                    unseen.add(`${at.outerHTML.slice(0, 120)}: ${drawn ? 'out of view' : 'no ring'}`);
                }
            }
            return walked.size;
        }
        """;

    /// <summary>Controls that are still there and were not come to.</summary>
    public const string Missed =
        """
        () => window.walk.controls.filter(one => one.isConnected && one.checkVisibility() && !window.walk.walked.has(one))
            .map(one => one.outerHTML.slice(0, 120))
        """;

    /// <summary>Controls at which the focus could not be seen.</summary>
    public const string Unseen = "() => [...window.walk.unseen]";
}
