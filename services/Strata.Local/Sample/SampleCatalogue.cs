using System.Text.Json;
using System.Text.Json.Serialization;

namespace Strata.Local.Sample;

/// <summary>The bundled shop: its items in the order of its shelves, and the queries that people type in front of them.</summary>
internal sealed class SampleCatalogue
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    private readonly Dictionary<string, SampleItem> _byId;

    private SampleCatalogue(IReadOnlyList<SampleItem> items, IReadOnlyList<SampleQuery> queries)
    {
        Items = items;
        Queries = queries;
        Topics = [.. items.Select(item => item.Topic).Distinct()];
        _byId = items.ToDictionary(item => item.ItemId);
    }

    public IReadOnlyList<SampleItem> Items { get; }

    public IReadOnlyList<SampleQuery> Queries { get; }

    /// <summary>Topics in the order in which the catalogue first names them.</summary>
    public IReadOnlyList<string> Topics { get; }

    /// <summary>Loads the shop that is embedded in this assembly.</summary>
    /// <exception cref="InvalidDataException">As for <see cref="Read"/>.</exception>
    public static SampleCatalogue Load()
    {
        using var items = Open("Sample/items.jsonl");
        using var queries = Open("Sample/queries.jsonl");

        return Read(items, queries);
    }

    /// <summary>Reads a shop from JSON lines. Blank lines are skipped.</summary>
    /// <exception cref="InvalidDataException">A line is no item or query, a field is missing, blank or unknown, an id or title is there
    /// twice, or a query or topic does not fit the items. The message names the file and the line.</exception>
    public static SampleCatalogue Read(TextReader items, TextReader queries)
    {
        var shop = new List<SampleItem>();
        var ids = new HashSet<string>();
        var titles = new HashSet<string>();
        foreach (var (line, row) in Rows<ItemLine>(items, "items.jsonl"))
        {
            var item = new SampleItem(row.Item, row.Topic, row.Title, row.Description, row.Shelf);
            Require(
                !Blank(item.ItemId, item.Topic, item.Title, item.Description, item.Shelf),
                "items.jsonl", line, "a field is blank");
            Require(ids.Add(item.ItemId), "items.jsonl", line, $"item '{item.ItemId}' is there twice");
            Require(titles.Add(item.Title), "items.jsonl", line, $"title '{item.Title}' is there twice");
            shop.Add(item);
        }

        var shelves = shop.Select(item => (item.Topic, item.Shelf)).ToHashSet();
        var asked = new List<SampleQuery>();
        foreach (var (line, query) in Rows<SampleQuery>(queries, "queries.jsonl"))
        {
            Require(!Blank(query.Query), "queries.jsonl", line, "the query is blank");
            Require(
                shelves.Contains((query.Topic, query.Shelf)),
                "queries.jsonl", line, $"no item stands on shelf '{query.Shelf}' of topic '{query.Topic}'");
            asked.Add(query);
        }

        shelves.ExceptWith(asked.Select(query => (query.Topic, query.Shelf)));
        return shelves.Count == 0
            ? new SampleCatalogue(shop, asked)
            : throw new InvalidDataException($"queries.jsonl: no query leads to {string.Join(", ", shelves.Order())}.");
    }

    /// <summary>The part of the shop that some topics are.</summary>
    public SampleCatalogue Only(Func<string, bool> topic) => new(
        [.. Items.Where(item => topic(item.Topic))],
        [.. Queries.Where(query => topic(query.Topic))]);

    /// <summary>The item of that id, or null where the shop has none.</summary>
    public SampleItem? Find(string itemId) => _byId.GetValueOrDefault(itemId);

    private static StreamReader Open(string resource) =>
        new(typeof(SampleCatalogue).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidDataException($"{resource} is not embedded in this assembly."));

    private static IEnumerable<(int Line, T Row)> Rows<T>(TextReader reader, string file)
    {
        for (var line = 1; reader.ReadLine() is { } text; line++)
        {
            if (!string.IsNullOrWhiteSpace(text))
            {
                yield return (line, Parse<T>(text, file, line));
            }
        }
    }

    private static T Parse<T>(string text, string file, int line)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(text, Strict)
                ?? throw new InvalidDataException($"{file}, line {line}: null is no row.");
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"{file}, line {line}: {fault.Message}", fault);
        }
    }

    private static bool Blank(params ReadOnlySpan<string> fields)
    {
        foreach (var field in fields)
        {
            if (string.IsNullOrWhiteSpace(field))
            {
                return true;
            }
        }

        return false;
    }

    private static void Require(bool holds, string file, int line, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidDataException($"{file}, line {line}: {otherwise}.");
        }
    }

    private sealed record ItemLine(string Item, string Topic, string Title, string Description, string Shelf);
}
