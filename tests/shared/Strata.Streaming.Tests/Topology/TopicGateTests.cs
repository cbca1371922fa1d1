using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Strata.Streaming.Topology;

namespace Strata.Streaming.Tests.Topology;

[Trait("height", "harness")]
public sealed class TopicGateTests
{
    [Fact]
    public async Task Start_HostLetGoBeforeThePoolCameToIt_IsNoFaultOfTheProcess()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection([KeyValuePair.Create("Streaming:BootstrapServers", (string?)"127.0.0.1:1")]);
        builder.Services.AddStreaming(builder.Configuration);
        using var host = builder.Build();
        var gate = host.Services.GetRequiredService<TopicGate>();

        gate.Dispose();
        await gate.StartAsync(TestContext.Current.CancellationToken);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => gate.ReadyAsync(TestContext.Current.CancellationToken).AsTask());

        Assert.False(host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested);
    }
}
