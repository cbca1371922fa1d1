using Microsoft.Playwright;

namespace Strata.EndToEnd.Pages;

/// <summary>
/// Every page of the console in a real browser against a running system: axe finds nothing serious in light and dark, wide and narrow, and
/// all of it is reached by keyboard. Pictures are kept in the folder <c>pages</c> beside the tests.
/// </summary>
[Collection(OnPages.Name)]
[Trait("height", "system")]
public sealed class EveryPage(PageSystem system)
{
    private static readonly string Pictures = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "pages")).FullName;

    /// <summary>Each page, with what it shows once it has been answered.</summary>
    public static TheoryData<string, string> Pages => new()
    {
        { "layers", "#user .slate li" },
        { "timeline", "#timeline .own .link:visible" },
        { "now", "#charts canvas >> nth=5" },
        { "policy", "#policy tbody tr >> nth=1" },
        { "experiments", "#experiments tbody tr >> nth=1" },
        { "evaluation", "#evaluation tbody tr >> nth=1" },
        { "letters", "#letters .own li" },
    };

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Page_LightAndDarkWideAndNarrow_HasNoSeriousFault(string name, string shown)
    {
        Browser.RequireOne();
        foreach (var (dark, width) in new[] { (false, 1280), (true, 1280), (false, 400), (true, 400) })
        {
            var (page, faults) = await OpenAsync(name, shown, width, dark);
            await OpenWhatIsClosedAsync(page, name);

            var grave = await Browser.GraveAsync(page);
            var wide = await page.EvaluateAsync<int>("document.documentElement.scrollWidth");
            await page.ScreenshotAsync(new()
            {
                Path = Path.Combine(Pictures, $"{name}-{(dark ? "dark" : "light")}-{width}.png"),
                FullPage = true,
            });
            await page.Context.CloseAsync();

            Assert.Empty(grave);
            Assert.True(wide <= width, $"{name} is {wide} wide where there are {width}");
            Assert.Empty(faults);
        }
    }

    [Fact]
    public async Task Page_WithWordsThatCanHardlyBeRead_IsFoundByAxe()
    {
        Browser.RequireOne();
        var (page, _) = await OpenAsync("now", "#charts canvas >> nth=0", 1280, dark: false);

        await page.EvaluateAsync("document.querySelector('#page-now .hint').style.color = '#c8c8c8'");
        var grave = await Browser.GraveAsync(page);
        await page.Context.CloseAsync();

        Assert.StartsWith("color-contrast", Assert.Single(grave), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Page_ByKeyboard_IsWalkedWhole(string name, string shown)
    {
        Browser.RequireOne();
        var (page, faults) = await OpenAsync(name, shown, 1280, dark: false);
        await OpenWhatIsClosedAsync(page, name);

        var controls = await page.EvaluateAsync<int>(Walk.Controls);
        for (var (steps, walked) = (0, 0); walked < controls && steps < controls + 40; steps++)
        {
            await page.Keyboard.PressAsync("Tab");
            walked = await page.EvaluateAsync<int>(Walk.Step);
        }

        var missed = await page.EvaluateAsync<string[]>(Walk.Missed);
        var unseen = await page.EvaluateAsync<string[]>(Walk.Unseen);
        await page.Context.CloseAsync();

        Assert.InRange(controls, 7, 1_000);
        Assert.Empty(missed);
        Assert.Empty(unseen);
        Assert.Empty(faults);
    }

    /// <summary>The page once it shows what it is for, and what its scripts complain of.</summary>
    private async Task<(IPage Page, List<string> Faults)> OpenAsync(string name, string shown, int width, bool dark)
    {
        if (name == "letters")
        {
            await system.SetAsideAsync("a reason"); // others may have discarded what was there
        }

        var page = await system.Browser.OpenAsync(system.At(name), width, dark);
        var faults = new List<string>();
        page.PageError += (_, fault) => faults.Add(fault);
        page.Console += (_, line) => faults.AddRange(line.Type == "error" ? [line.Text] : Array.Empty<string>());
        await page.Locator(shown).First.WaitForAsync();
        return (page, faults);
    }

    /// <summary>What a click unfolds is looked at too.</summary>
    private static async Task OpenWhatIsClosedAsync(IPage page, string name)
    {
        if (name == "letters")
        {
            await page.Locator("#letters .own .link").First.ClickAsync();
            await page.Locator("#letters textarea").First.WaitForAsync();
        }
    }
}
