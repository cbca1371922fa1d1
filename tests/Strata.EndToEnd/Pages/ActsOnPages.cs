using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Strata.EndToEnd.Pages;

/// <summary>What an operator does on the pages of the console, by mouse and keyboard, and what comes of it in the system.</summary>
[Collection(OnPages.Name)]
[Trait("height", "system")]
public sealed class ActsOnPages(PageSystem system)
{
    private static readonly Regex Any = new(".");

    [Fact]
    public async Task Layer_IsSplitAndMergedAfterAQuestionAndNotByEscape()
    {
        Browser.RequireOne();
        var page = await system.Browser.OpenAsync(system.At("layers"));
        var (split, merge, notice) = (Button(page, "Split in two…"), Button(page, "Merge into…"), page.Locator("#notice"));

        await EscapeAsync(page, split);
        await Expect(notice).ToBeHiddenAsync();
        await split.ClickAsync();
        await Button(page, "Split it").ClickAsync();
        await Expect(notice).ToContainTextAsync("is split");

        await page.Locator("#map .disc").First.ClickAsync();
        await EscapeAsync(page, merge);
        await merge.ClickAsync();
        await page.Locator("#question-yes").ClickAsync();
        await Expect(notice).ToContainTextAsync("went to layer");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task User_IsLookedUpAndBoostsALayerClicksAndSearches()
    {
        Browser.RequireOne();
        var page = await system.Browser.OpenAsync(system.At("layers"));
        var (name, notice) = (page.Locator("#user-id"), page.Locator("#notice"));

        await name.FillAsync("eve");
        await name.PressAsync("Enter");
        await Expect(page.Locator("#user")).ToContainTextAsync("nothing is known of this user yet", new() { IgnoreCase = true });
        await page.Locator("#user .slate .buttons button").First.ClickAsync();
        await Expect(notice).ToContainTextAsync("eve: click");
        await page.Locator("#query").FillAsync("honey");
        await page.Locator("#query").PressAsync("Enter");
        await Expect(notice).ToContainTextAsync("eve: search «honey»");
        var boost = page.Locator("#user .own button:has-text('Boost')").First;
        await boost.ClickAsync();
        await Expect(boost).ToHaveAttributeAsync("aria-pressed", "true");
        await EscapeAsync(page, page.Locator("#user .own button:has-text('Forget')").First);

        await page.Locator("#go-timeline").ClickAsync();
        await Expect(page.Locator("#timeline")).ToContainTextAsync("events of eve");
        await Expect(page.Locator("#timeline .own")).ToContainTextAsync("«honey»");
        await page.Locator("#timeline-user").FillAsync("nobody");
        await page.Locator("#timeline-user").PressAsync("Enter");
        await Expect(page.Locator("#timeline")).ToContainTextAsync("Nothing is held of nobody.");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task DeadLetter_IsReadMendedSentAgainAndAnotherDiscarded()
    {
        Browser.RequireOne();
        await system.SetAsideAsync("to-mend");
        await system.SetAsideAsync("to-discard");
        var page = await system.Browser.OpenAsync(system.At("letters"));
        var (mend, discard, notice) = (Letter(page, "to-mend"), Letter(page, "to-discard"), page.Locator("#notice"));

        await mend.Locator(".link").ClickAsync();
        var message = mend.Locator("textarea");
        await Expect(message).ToHaveValueAsync(new Regex("\"eventId\": \"to-mend\""));
        await Expect(mend.Locator("pre")).ToHaveTextAsync(Any);
        await message.FillAsync("{ no message");
        await Button(mend, "Send what is written above").ClickAsync();
        await Expect(notice).ToContainTextAsync("no JSON");
        await message.FillAsync("""{"eventId": "to-mend", "userId": "to-mend", "itemId": "BEE-009", "kind": "EVENT_KIND_CLICK"}""");
        await Button(mend, "Send what is written above").ClickAsync();
        await Expect(notice).ToContainTextAsync("1 sent again");
        await Expect(mend).ToHaveCountAsync(0);
        await Browser.UntilAsync(system.Http, "v1/users/to-mend", "BEE-009.*\"events\":\"?1");

        await discard.Locator(".link").ClickAsync();
        await Button(discard, "Discard").ClickAsync();
        await Expect(notice).ToContainTextAsync("1 discarded");
        await Expect(discard).ToHaveCountAsync(0);
        await page.Locator("#letters-settled").CheckAsync();
        await Expect(mend.Locator(".number")).ToHaveTextAsync("resent");
        await Expect(discard.Locator(".number")).ToHaveTextAsync("discarded");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task DeadLetters_AllOfThem_AreSettledAfterAQuestion()
    {
        Browser.RequireOne();
        await system.SetAsideAsync("one of all");
        var page = await system.Browser.OpenAsync(system.At("letters"));

        await EscapeAsync(page, Button(page, "Send all again"));
        await EscapeAsync(page, Button(page, "Discard all"));
        await Expect(Letter(page, "one of all")).ToHaveCountAsync(1);
        await Button(page, "Discard all").ClickAsync();
        await page.Locator("#question-yes").ClickAsync();
        await Expect(page.Locator("#letters")).ToContainTextAsync("Nothing waits.");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Policy_IsRolledBackAfterAQuestionAndNotByEscape()
    {
        Browser.RequireOne();
        var page = await system.Browser.OpenAsync(system.At("policy"));
        var (back, notice) = (page.Locator("#policy button:visible:has-text('Roll back')").First, page.Locator("#notice"));

        await EscapeAsync(page, back);
        await Expect(notice).ToBeHiddenAsync();
        await back.ClickAsync();
        await page.Locator("#question-yes").ClickAsync();
        await Expect(notice).ToContainTextAsync(new Regex("Version \\d+ is in force again"));
        await page.Context.CloseAsync();
    }

    private static ILocator Button(IPage page, string words) => page.GetByRole(AriaRole.Button, new() { Name = words, Exact = true });

    private static ILocator Button(ILocator within, string words)
        => within.GetByRole(AriaRole.Button, new() { Name = words, Exact = true });

    private static ILocator Letter(IPage page, string reason) => page.Locator("#letters .own > li", new() { HasText = reason });

    /// <summary>A button that asks first: by Enter, the question holds the focus, and Escape takes it back to the button.</summary>
    private static async Task EscapeAsync(IPage page, ILocator button)
    {
        var dialog = page.Locator("#question");
        await button.PressAsync("Enter");
        await Expect(dialog).ToBeVisibleAsync();
        for (var tab = 0; tab < 5; tab++)
        {
            await page.Keyboard.PressAsync("Tab");
            Assert.True(await page.EvaluateAsync<bool>(
                "() => document.activeElement === document.body || document.getElementById('question').contains(document.activeElement)"));
        }

        await page.Keyboard.PressAsync("Escape");
        await Expect(dialog).ToBeHiddenAsync();
        await Expect(button).ToBeFocusedAsync();
    }
}
