using Strata.Contracts.Ingestion.V1;

namespace Strata.Cli.Replay;

/// <summary>What one rule of cleaning did to the events of a replay.</summary>
/// <param name="Rule">Its name.</param>
/// <param name="Changed">Events that it changed.</param>
/// <param name="SetAside">Events that it put into quarantine.</param>
/// <param name="Collapsed">Events that it took for the same act as one before.</param>
/// <param name="Refused">Events that it refused.</param>
internal sealed record RuleTally(string Rule, long Changed, long SetAside, long Collapsed, long Refused)
{
    private const string Bots = "bots";
    private const string Repeats = "repeats";

    /// <summary>The rules as Ingestion goes through them; one that is not among them comes last.</summary>
    private static readonly string[] Order =
        ["unicode", "fields", "times", "defaults", "numbers", "languages", "rates", "catalogue", Bots, Repeats];

    /// <summary>Every rule, those that did nothing too, from the answers to events.</summary>
    public static IReadOnlyList<RuleTally> Of(IReadOnlyDictionary<string, long> touched, IReadOnlyDictionary<string, long> refused)
        =>
        [
            .. Order.Concat(touched.Keys.Concat(refused.Keys).Order(StringComparer.Ordinal)).Distinct(StringComparer.Ordinal).Select(rule =>
            {
                var count = touched.GetValueOrDefault(rule);
                return new RuleTally(
                    rule,
                    rule is Bots or Repeats ? 0 : count,
                    rule == Bots ? count : 0,
                    rule == Repeats ? count : 0,
                    refused.GetValueOrDefault(rule));
            }),
        ];

    /// <summary>Counts the rules that an answer names.</summary>
    public static void Count(PublishEventsResponse answer, Dictionary<string, long> touched, Dictionary<string, long> refused)
    {
        foreach (var rule in answer.Accepted?.Rules ?? [])
        {
            touched[rule] = touched.GetValueOrDefault(rule) + 1;
        }

        if (answer.Rejected is { Rule: { Length: > 0 } refusing })
        {
            refused[refusing] = refused.GetValueOrDefault(refusing) + 1;
        }
    }
}
