using System.Globalization;
using System.IO.Compression;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Options;
using Strata.Contracts.Events.V1;
using Strata.Ingestion.Cleaning;
using Strata.Ingestion.Cleaning.Core;
using Strata.Ingestion.Events.Core;
using Strata.Testing;

namespace Strata.Ingestion.Tests.Cleaning;

/// <summary>What real people did is neither a robot's nor a repeat: a basket of 271 lines at one time is a large basket.</summary>
[Trait("height", "unit")]
public sealed class SharedSetsTests
{
    [Theory]
    [InlineData("online_retail/events_2010-12_to_2011-05.csv.gz", 141_755)]
    [InlineData("se_conlang_meta_2020/events.csv.gz", 388)]
    [InlineData("se_quantum_2018/events.csv.gz", 5_810)]
    public void Judge_EventsOfPeople_AreNeitherRobotsNorRepeats(string file, int lines)
    {
        var path = SharedFolder.Find() is { } shared ? Path.Combine(shared, "data", file) : null;
        Assert.SkipUnless(File.Exists(path), $"shared/data/{file} is not here");
        var acts = new RecentActs(Options.Create(new CleaningOptions()));
        var touched = new List<UserEvent>();

        var events = Read(path!).OrderBy(one => one.EventTime.ToDateTimeOffset()).ToList();
        foreach (var sent in events)
        {
            var clean = EventRules.Clean(
                sent, new EventOptions(), new CleaningOptions(), IngestionApp.Now, null, _ => "made", new RuleRun());
            var judged = acts.Judge(clean!);
            judged.Act?.Complete(null);
            if (judged.Sign != BotSign.None || judged.Earlier is not null)
            {
                touched.Add(sent);
            }
        }

        Assert.Equal(lines, events.Count);
        Assert.Empty(touched);
    }

    private static IEnumerable<UserEvent> Read(string path)
    {
        using var text = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        for (var header = text.ReadLine(); text.ReadLine() is { } line;)
        {
            var cells = line.Split(',');
            Assert.Equal(header!.Split(',').Length, cells.Length);
            yield return new UserEvent
            {
                EventTime = DateTimeOffset.Parse(cells[0], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).ToTimestamp(),
                UserId = cells[1],
                ItemId = cells[2],
                Kind = cells[3] == "purchase" ? EventKind.Purchase : EventKind.Click,
                Quantity = cells.Length > 4 ? int.Parse(cells[4], CultureInfo.InvariantCulture) : 0,
            };
        }
    }
}
