using System.Globalization;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Strata.Contracts.Catalog.V1;

namespace Strata.Evaluator.Datasets;

/// <summary>
/// Reads an items file: CSV <c>item,title</c>, or JSON lines with <c>item</c>, <c>title</c> and any of <c>body</c> or <c>description</c>,
/// <c>bullets</c>, <c>tags</c>, <c>categories</c> or <c>category</c>, <c>created</c>, <c>group</c>. Texts longer than the contract allows
/// are cut.
/// </summary>
internal static class DatasetItems
{
    private const int LongestTitle = 512;
    private const int LongestDescription = 8_000;
    private const int LongestGroup = 128;
    private const int MostTags = 64;
    private const int MostCategories = 16;

    private static readonly string[] Columns = ["item", "title"];
    private static readonly string[] CategoryParts = ["categories", "category"];
    private static readonly string[] DescriptionParts = ["description", "body", "bullets"];

    public static IReadOnlyList<Item> Read(string path)
        => DatasetFile.BareName(path).EndsWith(".csv", StringComparison.OrdinalIgnoreCase)
            ? DatasetFile.ReadCsv(
                path,
                Columns,
                "item,title",
                (csv, _) => new Item { ItemId = csv.GetField("item"), Title = Cut(csv.GetField("title")!, LongestTitle) })
            : ReadJsonLines(path);

    private static List<Item> ReadJsonLines(string path)
    {
        using var reader = DatasetFile.OpenText(path);
        var items = new List<Item>();
        for (var line = 1; reader.ReadLine() is { } text; line++)
        {
            if (text.Length == 0)
            {
                continue;
            }

            try
            {
                using var json = JsonDocument.Parse(text);
                items.Add(ToItem(json.RootElement));
            }
            catch (Exception fault) when (fault is JsonException or KeyNotFoundException or FormatException or InvalidOperationException)
            {
                throw new DatasetException($"{path}:{line}: {fault.Message} Each line must be an object with item and title.");
            }
        }

        return items;
    }

    private static Item ToItem(JsonElement json)
    {
        var item = new Item { ItemId = Text(json.GetProperty("item")), Title = Cut(Text(json.GetProperty("title")), LongestTitle) };
        var parts = DescriptionParts.Select(name => string.Join('\n', Texts(json, name))).Where(part => part.Length > 0);
        item.Description = Cut(string.Join('\n', parts), LongestDescription);
        item.Group = json.TryGetProperty("group", out var group) ? Cut(Text(group), LongestGroup) : string.Empty;
        item.Tags.AddRange(Texts(json, "tags").Take(MostTags));
        item.Categories.AddRange(CategoryParts.SelectMany(name => Texts(json, name)).Take(MostCategories));
        if (json.TryGetProperty("created", out var created) && Text(created) is { Length: > 0 } time)
        {
            item.Created = Timestamp.FromDateTimeOffset(
                DateTimeOffset.Parse(
                    time,
                    CultureInfo.InvariantCulture,
                    DatasetFile.Utc));
        }

        return item;
    }

    private static IEnumerable<string> Texts(JsonElement json, string name)
    {
        if (!json.TryGetProperty(name, out var value) || value.ValueKind is JsonValueKind.Null)
        {
            return [];
        }

        var texts = value.ValueKind is JsonValueKind.Array ? value.EnumerateArray().Select(Text) : [Text(value)];
        return texts.Where(text => text.Length > 0);
    }

    private static string Text(JsonElement value) => value.ValueKind is JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static string Cut(string text, int length)
    {
        if (text.Length <= length)
        {
            return text;
        }

        return text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
    }
}
