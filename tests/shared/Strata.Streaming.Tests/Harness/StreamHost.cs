using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Strata.Streaming.Publishing;
using Strata.Streaming.Topology;
using Strata.Testing.Brokers;

namespace Strata.Streaming.Tests.Harness;

/// <summary>A host with Streaming in it, as a service would have it.</summary>
internal sealed class StreamHost : IAsyncDisposable
{
    private readonly IHost _host;

    public StreamHost(IBroker broker, Action<IServiceCollection>? wire = null, params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(broker.Settings);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Streaming:CreateTopics"] = "false" });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.Logging.SetMinimumLevel(LogLevel.Debug).AddProvider(Lines);
        builder.Services.AddStreaming(builder.Configuration);
        wire?.Invoke(builder.Services);
        _host = builder.Build();
    }

    public LogLines Lines { get; } = new();

    public IServiceProvider Services => _host.Services;

    public IPublisher Publisher => Services.GetRequiredService<IPublisher>();

    public ITopics Topics => Services.GetRequiredService<ITopics>();

    /// <summary>Ends when the host was told to stop.</summary>
    public Task Stopping
    {
        get
        {
            var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopping.SetResult);
            return stopping.Task;
        }
    }

    public async Task<StreamHost> StartAsync()
    {
        await _host.StartAsync(TestContext.Current.CancellationToken);
        return this;
    }

    public Task StopAsync() => _host.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
        Lines.Dispose();
    }
}
