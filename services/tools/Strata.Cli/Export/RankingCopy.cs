using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Strata.Contracts.Users.V1;
using Strata.Evaluator.Reports;
using Strata.Ranking.Browse.Core;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Index;
using Strata.Ranking.Index.Core;
using Strata.Ranking.Scoring;
using Strata.Ranking.Serving;
using Strata.Ranking.Serving.Core;
using Strata.Ranking.Slates;
using Strata.Ranking.Users.Core;
using Strata.Streaming.Archiving;
using Strata.Streaming.Records;
using Strata.Streaming.Tables;

namespace Strata.Cli.Export;

/// <summary>
/// What Ranking knows of items, layers and policy, read once from the log: the same rooms, filled by the same tables, so that what is said
/// of a user's layers is what Ranking says. It takes as much memory as Ranking does for its catalogue.
/// </summary>
internal sealed class RankingCopy : IAsyncDisposable
{
    private const int AtOnce = 1000;

    private static readonly string[] Topics =
        [Contracts.Topics.ItemFeatures, Contracts.Topics.ItemActivity, Contracts.Topics.Layers, Contracts.Topics.Policy,
            Contracts.Topics.Consents];

    private readonly ServiceProvider _services;
    private readonly Recommender _recommender;
    private readonly SlateOptions _slates;
    private readonly TimeProvider _time;

    // Names whose own word is that nothing is to be personal.
    private readonly HashSet<string> _strangers = new(StringComparer.Ordinal);
    private RankingMoment _moment;

    /// <param name="settings">Settings of Ranking, where they are not the defaults; null: they are.</param>
    /// <param name="time">The clock.</param>
    public RankingCopy(FileInfo? settings, TimeProvider time)
    {
        var configuration = new ConfigurationBuilder();
        if (settings is not null)
        {
            configuration.AddJsonFile(settings.FullName, optional: false);
        }

        _time = time;
        _services = new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration.Build())
            .AddSingleton(time)
            .AddLogging()
            .AddMetrics()
            .AddIndex()
            .AddScoring()
            .AddServing()
            .BuildServiceProvider();
        _recommender = _services.GetRequiredService<Recommender>();
        _slates = _services.GetRequiredService<IOptions<SlateOptions>>().Value;
        _moment = _recommender.Now;
    }

    /// <summary>The catalogue as it was read.</summary>
    public CatalogueView View => _moment.View;

    /// <summary>The user does not want to be known: their row is nobody's business.</summary>
    public bool IsStranger(string name) => _strangers.Contains(name);

    /// <summary>Reads the topics to the end that they have now.</summary>
    public async Task LoadAsync(LogArchive logs, IEvaluationProgress progress, CancellationToken cancellationToken)
    {
        var cut = await logs.CutAsync(new ArchiveStep([], Topics), cancellationToken);
        foreach (var topic in Topics)
        {
            ArchivedLog[] partitions = [.. cut.Logs.Where(log => log.Topic == topic)];
            var told = progress.Begin(topic, (int)Math.Min(int.MaxValue, partitions.Sum(log => log.End - log.Begin)), "records");
            var read = 0;
            foreach (var batch in logs.Read(partitions, cancellationToken).Chunk(AtOnce))
            {
                await ApplyAsync(topic, [.. batch.Select(record => RecordOf(topic, record))], cancellationToken);
                told(read += batch.Length);
            }
        }

        CaughtUp();
    }

    /// <summary>Hands records of a topic to the table that follows it.</summary>
    public async Task ApplyAsync(string topic, IReadOnlyList<StreamRecord> batch, CancellationToken cancellationToken)
    {
        if (topic == Contracts.Topics.Consents)
        {
            foreach (var record in batch)
            {
                Hear(record);
            }

            return;
        }

        ITableHandler table = topic == Contracts.Topics.Policy
            ? _services.GetRequiredService<PolicyTable>()
            : _services.GetRequiredService<CatalogueTable>();
        await table.ApplyAsync(batch, cancellationToken);
    }

    /// <summary>All has been read.</summary>
    public void CaughtUp()
    {
        _services.GetRequiredService<PolicyTable>().CaughtUp();
        _services.GetRequiredService<CatalogueTable>().CaughtUp();
        _moment = _recommender.Now;
    }

    /// <summary>A user's row, as <c>Layers.GetUserLayers</c> says it of who is in no arm of an experiment. From any thread.</summary>
    public IReadOnlyList<MatrixRow> RowOf(string name, UserState user)
    {
        var wallClock = _time.GetUtcNow();
        var constraints = RequestConstraints.Usual with { CreatedByMs = wallClock.ToUnixTimeMilliseconds() };
        using var ranked = _recommender.Rank(_moment, user, constraints, StreamTime.NowMs(View, user, wallClock));
        return
        [
            .. LayerRows.Of(ranked, user, _moment.Policy, _slates).Select(layer => new MatrixRow(
                name, layer.LayerId, (float)layer.LongInterest, (float)layer.ShortInterest, (float)layer.Probability)),
        ];
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private void Hear(StreamRecord record)
    {
        if (record.Key is { } name)
        {
            // What cannot be read takes nothing back.
            if (record.Value is null)
            {
                _strangers.Remove(name);
            }
            else if (record.TryParse(Consent.Parser, out var said, out _))
            {
                _ = (said.HasStore && !said.Store) || (said.HasPersonalise && !said.Personalise)
                    ? _strangers.Add(name)
                    : _strangers.Remove(name);
            }
        }
    }

    private static StreamRecord RecordOf(string topic, LogRecord record) => new(
        topic,
        record.Partition,
        record.Offset,
        record.Key is { } key ? Encoding.UTF8.GetString(key) : null,
        // A null array by itself would turn into an empty value.
        record.Value is { } value ? new ReadOnlyMemory<byte>(value) : (ReadOnlyMemory<byte>?)null,
        DateTimeOffset.UnixEpoch,
        record.Headers);
}
