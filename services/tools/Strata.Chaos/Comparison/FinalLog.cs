using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Strata.Streaming;
using Strata.Streaming.Records;
using Strata.Streaming.Tables;
using Strata.Streaming.Topology;

namespace Strata.Chaos.Comparison;

/// <summary>All records of a topic, once nothing more is written.</summary>
internal sealed class FinalLog : IAsyncDisposable
{
    private readonly IHost _host;

    public FinalLog(string bootstrapServers)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?> { ["Streaming:BootstrapServers"] = bootstrapServers });
        builder.Services.AddLogging();
        builder.Services.AddStreaming(builder.Configuration);
        _host = builder.Build();
    }

    public Task StartAsync(CancellationToken cancellationToken) => _host.StartAsync(cancellationToken);

    /// <summary>Partition after partition.</summary>
    public async Task<IReadOnlyList<StreamRecord>> ReadAsync(string topic, CancellationToken cancellationToken)
    {
        var reader = _host.Services.GetRequiredService<IPartitionReader>();
        var partitions = await _host.Services.GetRequiredService<ITopics>().PartitionsAsync(topic, cancellationToken);
        var all = await Task.WhenAll(Enumerable.Range(0, partitions).Select(async partition =>
        {
            var records = new List<StreamRecord>();
            await foreach (var record in reader.ReadToEndAsync(topic, partition, cancellationToken))
            {
                records.Add(record);
            }

            return records;
        }));
        return [.. all.SelectMany(records => records)];
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
