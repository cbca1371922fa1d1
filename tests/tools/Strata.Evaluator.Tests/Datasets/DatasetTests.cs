using System.IO.Compression;
using Strata.Contracts.Events.V1;
using Strata.Evaluator.Datasets;
using Strata.Evaluator.Streams;

namespace Strata.Evaluator.Tests.Datasets;

[Trait("height", "unit")]
public sealed class DatasetTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("strata-dataset-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Open_CsvItemsAndGzippedEvents_ReadsBothInTheOrderOfTimeUserAndLine()
    {
        Write("items.csv", "item,title\na,\"A lamp, red\"\nb,A book\n");
        Write(
            "events_2020.csv.gz",
            """
            ts,user,item,type,quantity
            2020-01-02T00:00:00Z,u2,b,purchase,3
            2020-01-01T00:00:00,u1,a,comment
            2020-01-02T00:00:00Z,u1,a,dismiss,
            2020-01-02T00:00:00Z,u1,b,view,

            """);

        var dataset = Dataset.Open(_folder.FullName, limit: 0);

        Assert.Equal(["A lamp, red", "A book"], dataset.Items.Select(item => item.Title));
        Assert.Equal([("u1", "a"), ("u1", "a"), ("u1", "b"), ("u2", "b")], dataset.Events.Select(e => (e.User, e.Item)));
        Assert.Equal([EventKind.Click, EventKind.Dismiss, EventKind.View, EventKind.Purchase], dataset.Events.Select(e => e.Kind));
        Assert.Equal(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), dataset.Events[0].Time);
        Assert.Equal(3, dataset.Events[^1].ToMessage().Quantity);
    }

    [Fact]
    public void Open_OrderLinesOfAShop_LeavesNothingOut()
    {
        Write("items.csv", "item,title\na,A lamp\n");
        Write(
            "orders.csv",
            """
            InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
            C7,a,"LAMP, RED",-3,2010-12-02T09:41:00Z,2.5,17850,United Kingdom
            6,POST,POSTAGE,1,2010-12-01T08:26:00Z,18,12583,France
            8,a,NA,1,2010-12-03T08:26:00Z,0,NA,United Kingdom

            """);

        var orders = Path.Combine(_folder.FullName, "orders.csv");
        var sent = Dataset.Open(_folder.FullName, limit: 0, orders).Events.Select(line => line.ToMessage()).ToList();

        Assert.Equal(
            [("12583", "POST", 1, 18), ("17850", "a", -3, 2.5), ("", "a", 1, 0)],
            sent.Select(one => (one.UserId, one.ItemId, one.Quantity, one.Price)));
        Assert.All(sent, one => Assert.True(one is { Kind: EventKind.Purchase, HasPrice: true }));
    }

    [Fact]
    public void Open_JsonLines_TakesWhatIsThereAndCutsWhatIsTooLong()
    {
        var title = new string('t', 600);
        Write("items.jsonl", $$"""
            {"item":1,"title":"{{title}}","body":"first","bullets":["second","third"],"tags":["x","y"],"created":"2018-02-06T20:19:50.957"}
            {"item":"2","title":"plain","tags":null}
            """);

        var items = Dataset.Open(_folder.FullName, limit: 0).Items;

        Assert.Equal(["1", "2"], items.Select(item => item.ItemId));
        Assert.Equal(512, items[0].Title.Length);
        Assert.Equal("first\nsecond\nthird", items[0].Description);
        Assert.Equal(["x", "y"], items[0].Tags);
        Assert.Equal(2018, items[0].Created.ToDateTime().Year);
        Assert.Null(items[1].Created);
    }

    [Fact]
    public void ToMessage_OfTheSameLine_HasTheSameIdAndOfAnotherLineAnother()
    {
        Write("items.csv", "item,title\na,A\n");
        Write("events.csv", "ts,user,item,type\n2020-01-01,u,a,view\n2020-01-01,u,a,view\n");

        var (first, second) = (Dataset.Open(_folder.FullName, 0), Dataset.Open(_folder.FullName, 0));

        Assert.Equal(first.Events[0].ToMessage().EventId, second.Events[0].ToMessage().EventId);
        Assert.NotEqual(first.Events[0].ToMessage().EventId, first.Events[1].ToMessage().EventId);
    }

    [Fact]
    public void Open_EventsWithQueries_SearchesHaveThemWhereverTheyStand()
    {
        Write("items.csv", "item,title\na,A\n");
        Write(
            "events.csv",
            "ts,user,item,type,query\n2020-01-01,u,,search,\"red, lamp\"\n2020-01-02,u,a,click,\n2020-01-03,u,blue lamp,search,\n");

        var (items, events) = Dataset.Open(_folder.FullName, 0);

        Assert.Equal(["red, lamp", "", "blue lamp"], events.Select(e => e.Query));
        Assert.Equal(["red, lamp", "", "blue lamp"], events.Select(e => e.ToMessage().Query));
        Assert.Equal(["", "a", ""], events.Select(e => e.ToMessage().ItemId));
        Assert.Equal(["red, lamp", "blue lamp"], ReplayStream.Of(items, events, new ReplayOptions()).Queries.Values);
    }

    [Fact]
    public void Write_Events_AreReadAsTheyWere()
    {
        var path = Path.Combine(_folder.FullName, "events.csv");
        DatasetEvent[] events =
        [
            new(2, new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), "u", "", "search", 0, "a \"red\", lamp"),
            new(3, new(2020, 1, 1, 0, 0, 1, TimeSpan.Zero), "u", "a", "click", 0),
        ];

        DatasetEvent.Write(path, events);

        Assert.Equal(events, DatasetEvent.Read(path));
    }

    [Theory]
    [InlineData("2020-01-01,u,,search,,", "events.csv:2: column query")]
    [InlineData("2020-01-01,u,a,search,,lamp", "events.csv:2: column item")]
    [InlineData("2020-01-01,u,a,click,,lamp", "events.csv:2: column query")]
    [InlineData("2020-01-01,u,,click,,", "events.csv:2: column item")]
    [InlineData("2020-01-01,,a,click,,", "events.csv:2: column user")]
    [InlineData("2020-01-01,u,a,click,many,", "events.csv:2: column quantity")]
    [InlineData("soon,u,a,click,1,", "events.csv:2: column ts")]
    [InlineData("2020-01-01,u,a", "events.csv:2: column type")]
    [InlineData("2020-01-01,u,a\"b\"c,click,1,", "events.csv:2: column item")]
    public void Open_BadLine_NamesLineAndColumn(string line, string named)
    {
        Write("items.csv", "item,title\na,A\n");
        Write("events.csv", $"ts,user,item,type,quantity,query\n{line}\n");

        var fault = Assert.Throws<DatasetException>(() => Dataset.Open(_folder.FullName, 0));

        Assert.Contains(named, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("events.csv", "ts,user,item\n", "type")]
    [InlineData("events.csv", "ts,user,item,type\nyesterday,u,a,view\n", "events.csv:2:")]
    [InlineData("events.csv", "ts,user,item,type\n2020-01-01,u,a,view\n2020-01-01,u\n", "events.csv:3:")]
    [InlineData("events.csv", "ts,user,item,type\n2020-01-01,u,a\"b\"c,view\n", "events.csv:2:")]
    [InlineData("items.jsonl", "{\"item\":\"a\"}\n", "items.jsonl:1:")]
    public void Open_BrokenFile_SaysWhere(string name, string text, string named)
    {
        if (!name.StartsWith("items", StringComparison.Ordinal))
        {
            Write("items.csv", "item,title\na,A\n");
        }

        Write(name, text);

        var fault = Assert.Throws<DatasetException>(() => Dataset.Open(_folder.FullName, 0));

        Assert.Contains(named, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FolderWithoutItems_SaysWhatIsMissing()
        => Assert.Contains(
            "items",
            Assert.Throws<DatasetException>(() => Dataset.Open(_folder.FullName, 0)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Open_FileThatIsNoGzip_SaysSo()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "items.csv.gz"), "item,title\na,A\n");

        Assert.Contains("gzip", Assert.Throws<DatasetException>(() => Dataset.Open(_folder.FullName, 0)).Message, StringComparison.Ordinal);
    }

    private void Write(string name, string text)
    {
        using var file = File.Create(Path.Combine(_folder.FullName, name));
        using Stream stream = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Compress) : file;
        using var writer = new StreamWriter(stream);
        writer.Write(text);
    }
}
