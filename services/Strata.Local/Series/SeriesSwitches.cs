using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Strata.Local.Sample;

namespace Strata.Local.Series;

/// <summary>The switches of <c>--once</c>.</summary>
internal sealed class SeriesSwitches
{
    private const int MostEvents = 1_000_000;

    private static readonly int Items = SampleCatalogue.Load().Items.Count;

    private readonly Option<int> _events = new("--events")
    {
        Description = "With --once: events of the shoppers. Layers and slates are measured at 14,000, 50,000, 100,000 and 200,000 of them, "
            + "and at the end.",
        DefaultValueFactory = _ => new SeriesOptions().Events,
    };

    private readonly Option<double?> _searches = new("--searches")
    {
        Description = "With --once: share of searches among them, 0 to 0.95. Default: as the shoppers like it, about .1.",
    };

    private readonly Option<int> _hostile = new("--hostile")
    {
        Description = $"With --once: as many clicks by one more user, on {HostileUser.Items} items, after 7,000 events.",
    };

    private readonly Option<int?> _arrival = new("--arrival")
    {
        Description = "With --once: calls in which the catalogue arrives. Nobody is told its size then.",
    };

    private readonly Option<double> _pause = new("--arrival-pause") { Description = "With --arrival: seconds between two calls." };

    private readonly Option<int?> _replace = new("--replace-at")
    {
        Description = "With --once: every other topic at first; after so many events they are deleted and the others are put.",
    };

    public void AddTo(RootCommand root, Option<bool> once)
    {
        Option[] all = [_events, _searches, _hostile, _arrival, _pause, _replace];
        foreach (var option in all)
        {
            root.Add(option);
        }

        Within(_events, 100, MostEvents);
        Within(_hostile, 1, MostEvents);
        Within(_arrival, 1, Items);
        Within(_searches, 0, .95);
        Within(_pause, 0, 600);
        root.Validators.Add(result =>
        {
            if (!result.GetValue(once) && Array.Find(all, option => result.GetResult(option) is { Implicit: false }) is { } lone)
            {
                result.AddError($"{lone.Name} is for --once.");
            }
            else if (result.GetResult(_pause) is { Implicit: false } && result.GetResult(_arrival) is null)
            {
                result.AddError($"{_pause.Name} is for {_arrival.Name}.");
            }
            else if (Number(result.GetResult(_replace)) is { } at
                && (Number(result.GetResult(_events)) ?? new SeriesOptions().Events) is var end && (at < 1 || at >= end))
            {
                result.AddError(FormattableString.Invariant($"{_replace.Name} must lie from 1 to less than {_events.Name}, {end} here."));
            }
        });
    }

    public SeriesOptions Read(ParseResult parsed) => new()
    {
        Events = parsed.GetValue(_events),
        Searches = parsed.GetValue(_searches),
        HostileClicks = parsed.GetValue(_hostile),
        ArrivalCalls = parsed.GetValue(_arrival),
        ArrivalPause = TimeSpan.FromSeconds(parsed.GetValue(_pause)),
        ReplaceAt = parsed.GetValue(_replace),
    };

    private static void Within(Option option, double least, double most)
        => option.Validators.Add(result =>
        {
            if (Number(result) is { } value && !(value >= least && value <= most))
            {
                result.AddError(FormattableString.Invariant($"{option.Name} must lie from {least} to {most}, and is {value}."));
            }
        });

    // What is no number is told by the parser.
    private static double? Number(OptionResult? result)
        => result is { Tokens: [var token, ..] } && double.TryParse(token.Value, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;
}
