using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Events.V1;
using Strata.Evaluator.Datasets;
using Strata.Evaluator.Search;
using Strata.Evaluator.Sessions;
using Strata.Evaluator.Texts;
using Strata.Testing;

namespace Strata.Evaluator.Tests.Sessions;

/// <summary>Sessions of searches and clicks, made from judged queries.</summary>
[Trait("height", "harness")]
public sealed class SessionTests(ITestOutputHelper output)
{
    [Fact]
    public void Make_SameSeed_GivesTheSameStreamAndAnotherSeedAnother()
    {
        var first = Make(new SessionOptions { Clicks = 200 });

        Assert.Equal(first, Make(new SessionOptions { Clicks = 200 }));
        Assert.NotEqual(first, Make(new SessionOptions { Clicks = 200, Seed = 2 }));
    }

    [Fact]
    public void Make_AStream_SearchesItsPartAndHalfOfItsClicksAnswerNoSearch()
    {
        var events = Make(new SessionOptions { Clicks = 2_000, Part = QueryPart.Judge });

        var judge = SessionGenerator.QueriesOf(Judgments(), QueryPart.Judge);
        var develop = SessionGenerator.QueriesOf(Judgments(), QueryPart.Develop);
        var answers = Judgments().Where(judgment => judge.Contains(judgment.Query) && judgment.Gain >= .1)
            .Select(judgment => judgment.Item).ToHashSet();
        var typed = events.Where(e => e.Kind == EventKind.Search).Select(e => e.Query).ToList();
        var clicks = events.Where(e => e.Kind == EventKind.Click).ToList();
        Assert.Empty(judge.Intersect(develop));
        Assert.Empty(typed.Intersect(develop));
        Assert.Subset(typed.ToHashSet(), judge.ToHashSet());
        Assert.Contains(typed, query => !judge.Contains(query));
        Assert.InRange(clicks.Count(click => answers.Contains(click.Item)) / (double)clicks.Count, .49, .55);
        Assert.Equal(events.OrderBy(e => e.Time), events);
    }

    [Fact]
    public void Make_Answers_AreClickedTheMoreTheHigherTheyStandAndTheBetterTheyAre()
    {
        var events = Make(new SessionOptions { Clicks = 4_000, Part = QueryPart.All });

        var gains = Judgments().GroupBy(judgment => judgment.Item).ToDictionary(item => item.Key, item => item.Max(j => j.Gain));
        var clicked = events.Where(e => e.Kind == EventKind.Click && gains.ContainsKey(e.Item)).Select(e => gains[e.Item]).ToList();
        Assert.True(clicked.Count(gain => gain >= 1) > 3 * clicked.Count(gain => gain < 1));
        Assert.DoesNotContain(clicked, gain => gain < .1);
    }

    [Fact]
    public async Task Evaluate_QueriesToJudge_SearchesAddOutsideTheInterval()
    {
        Assert.SkipUnless(SharedFolder.Find() is not null, "there is no folder shared/data with esci_opensearch");
        var folder = Path.Combine(SharedFolder.Find()!, "data", "esci_opensearch");
        var file = Path.GetTempFileName();
        try
        {
            var report = await new SessionsEvaluation(new NoProgress(), VectorCache.DefaultFolder).RunAsync(
                Path.Combine(folder, "items.jsonl.gz"),
                Path.Combine(folder, "judgments_dev50.csv.gz"),
                file,
                new SessionOptions { Clicks = 1_500 },
                SessionsEvaluation.Methods,
                TestContext.Current.CancellationToken);

            var without = report.Methods.Single(method => method.Name == "strata-no-searches");
            output.WriteLine($"{report.Methods[0].Ndcg20:F4}, {without.Ndcg20:F4} ({without.Ndcg20BehindLow:F4} behind at least)");
            Assert.True(without.Ndcg20BehindLow > 0, "searches must add something");
            Assert.Equal(DatasetEvent.Read(file).Count, report.EventCount);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static IReadOnlyList<DatasetEvent> Make(SessionOptions options) => new SessionGenerator(Items(), Judgments(), options).Make();

    // Items 0 to 79 answer four queries, exactly or as substitutes; the others lie in three categories of their own.
    private static Item[] Items() =>
    [
        .. Enumerable.Range(0, 80).Select(n => new Item { ItemId = $"a{n}", Title = $"answer number{n}x" }),
        .. Enumerable.Range(0, 90).Select(n => new Item { ItemId = $"b{n}", Title = $"other {n}", Categories = { $"category {n % 3}" } }),
    ];

    private static Judgment[] Judgments()
        => [.. Enumerable.Range(0, 80).Select(n => new Judgment($"blue query {n / 20}", $"a{n}", n % 4 == 0 ? 0 : n % 2 == 0 ? .1 : 1))];
}
