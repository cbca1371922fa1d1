using Strata.Contracts.Catalog.V1;
using Strata.Evaluator.Datasets;
using Strata.Evaluator.Search;
using Strata.Evaluator.Texts;
using Strata.Testing;

namespace Strata.Evaluator.Tests.Search;

/// <summary>Words and meaning together lose to neither, whichever is the better.</summary>
[Trait("height", "harness")]
public sealed class SearchEvaluationTests(ITestOutputHelper output)
{
    private const int Halves = 10;

    [Fact]
    public async Task Esci_BothHalvesTogether_LoseToNeitherOnAnyHalfOfTheQueriesAndTheSlateKeepsThem()
    {
        var (items, judgments) = Esci();

        var found = await JudgeAsync(items, judgments);

        var better = Math.Max(found["words"].Average(), found["meaning"].Average());
        Assert.True(found["both"].Average() >= 1.03 * better, "both must gain three of a hundred on the better half");
        for (var seed = 1; seed <= Halves; seed++)
        {
            var half = Enumerable.Range(0, found["both"].Length).ToArray();
            new Random(seed).Shuffle(half);
            half = half[..(half.Length / 2)];
            var (words, meaning, both) = (Mean(found["words"], half), Mean(found["meaning"], half), Mean(found["both"], half));
            output.WriteLine($"half {seed}: words {words:F3}, meaning {meaning:F3}, both {both:F3}");
            Assert.True(both >= Math.Max(words, meaning), $"half {seed}: both {both:F4}, its halves {words:F4} and {meaning:F4}");
        }

        Assert.True(found["slate"].Average() >= 0.98 * found["both"].Average(), "the slate must keep what search finds");
    }

    [Fact]
    public async Task Esci_LettersSwappedInTheQueries_WordsArePoorAndLoseNothing()
    {
        var (items, judgments) = Esci();
        var random = new Random(1);
        var wrong = judgments.Select(judgment => judgment.Query).Distinct(StringComparer.Ordinal)
            .ToDictionary(query => query, query => Swapped(query, random), StringComparer.Ordinal);

        var found = await JudgeAsync(items, [.. judgments.Select(judgment => judgment with { Query = wrong[judgment.Query] })]);

        Assert.True(found["words"].Average() < found["meaning"].Average(), "words must be the poorer half here");
        Assert.True(found["both"].Average() >= found["meaning"].Average());
    }

    [Fact]
    public async Task StackOverflow_TitlesThatLookForOthersOfTheirLabel_MeaningIsFarBetterAndLosesNothing()
    {
        var titles = DatasetFile.ReadCsv(
                Path.Combine(Data(), "stackoverflow_titles20", "titles_labels.csv.gz"),
                ["label", "text"],
                "label,text",
                (csv, _) => (Label: csv.GetField("label")!, Text: csv.GetField("text")!))
            .DistinctBy(title => title.Text).ToArray();
        new Random(1).Shuffle(titles);
        Item[] items = [.. titles[..2_000].Select((title, n) => new Item { ItemId = $"{n}", Title = title.Text })];
        var judgments = titles[2_000..2_150].SelectMany(query => Enumerable.Range(0, items.Length)
            .Where(n => titles[n].Label == query.Label).Select(n => new Judgment(query.Text, $"{n}", 1)));

        var found = await JudgeAsync(items, [.. judgments]);

        Assert.True(found["words"].Average() < 0.8 * found["meaning"].Average(), "words must be the poorer half here");
        Assert.True(found["both"].Average() >= found["meaning"].Average());
    }

    [Fact]
    public async Task Quantum_TitlesThatLookForTheirOwnTexts_LoseToNeitherHalf()
    {
        var items = DatasetItems.Read(Path.Combine(Data(), "se_quantum_2018", "items.jsonl.gz"))
            .Where(item => item.Description.Length > 80).ToList();
        var texts = items.ConvertAll(
            item => new Item { ItemId = item.ItemId, Title = item.Description[..Math.Min(500, item.Description.Length)] });

        var found = await JudgeAsync(texts, [.. items.Select(item => new Judgment(item.Title, item.ItemId, 1))]);

        Assert.True(found["both"].Average() >= Math.Max(found["words"].Average(), found["meaning"].Average()));
    }

    private async Task<Dictionary<string, double[]>> JudgeAsync(IReadOnlyList<Item> items, IReadOnlyList<Judgment> judgments)
    {
        var found = await new SearchEvaluation(new NoProgress(), VectorCache.DefaultFolder).JudgeAsync(
            items,
            [.. judgments.GroupBy(judgment => judgment.Query, StringComparer.Ordinal)],
            learned: null,
            TestContext.Current.CancellationToken);
        output.WriteLine(string.Join(", ", found.Select(method => $"{method.Name} {method.Ndcg.Average():F4}")));
        return found.ToDictionary(method => method.Name, method => method.Ndcg);
    }

    private static (IReadOnlyList<Item> Items, IReadOnlyList<Judgment> Judgments) Esci()
    {
        var folder = Path.Combine(Data(), "esci_opensearch");
        return (DatasetItems.Read(Path.Combine(folder, "items.jsonl.gz")), Judgment.Read(Path.Combine(folder, "judgments_dev50.csv.gz")));
    }

    private static string Data()
    {
        Assert.SkipUnless(SharedFolder.Find() is not null, "there is no folder shared/data");
        return Path.Combine(SharedFolder.Find()!, "data");
    }

    // Two letters within each longer word change places.
    private static string Swapped(string query, Random random) => string.Join(' ', query.Split(' ').Select(word =>
    {
        if (word.Length < 4)
        {
            return word;
        }

        var letters = word.ToCharArray();
        var at = 1 + random.Next(word.Length - 2);
        (letters[at], letters[at + 1]) = (letters[at + 1], letters[at]);
        return new string(letters);
    }));

    private static double Mean(double[] values, int[] of) => of.Average(index => values[index]);
}
