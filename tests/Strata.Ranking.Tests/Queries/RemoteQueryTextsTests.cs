using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Strata.Contracts.State.V1;
using Strata.Contracts.Texts.V1;
using Strata.Ranking.Queries;

namespace Strata.Ranking.Tests.Queries;

[Trait("height", "harness")]
public sealed class RemoteQueryTextsTests : IAsyncLifetime
{
    private readonly SilentTexts _server = new();
    private WebApplication _app = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(
            System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(_server);
        _app = builder.Build();
        _app.MapGrpcService<SilentTexts>();
        await _app.StartAsync(Cancel);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task DescribeAsync_FeaturizerAnswers_GivesWhatItSaysAndShowsTheKey()
    {
        using var texts = Ask(_app.Urls.Single(), key: "strata_secret");

        var query = await texts.DescribeAsync("lamp", Cancel);

        Assert.Equal("lamp", query!.Text);
        Assert.Equal("Bearer strata_secret", _server.Authorization);
    }

    [Fact]
    public async Task DescribeAsync_NobodyAnswersInTime_IsNull()
    {
        using var silent = Ask(_app.Urls.Single());
        using var away = Ask("http://127.0.0.1:1");
        using var nowhere = Ask("");

        Assert.Null(await silent.DescribeAsync("silence", Cancel));
        Assert.Null(await away.DescribeAsync("lamp", Cancel));
        Assert.Null(await nowhere.DescribeAsync("lamp", Cancel));
    }

    private static RemoteQueryTexts Ask(string address, string key = "")
        => new(
            Options.Create(new QueriesOptions { Address = address, Key = key, Timeout = TimeSpan.FromSeconds(2) }),
            NullLogger<RemoteQueryTexts>.Instance);

    /// <summary>Repeats a query, and says nothing to one.</summary>
    internal sealed class SilentTexts : Texts.TextsBase
    {
        public string? Authorization { get; private set; }

        public override async Task<DescribeQueryResponse> DescribeQuery(DescribeQueryRequest request, ServerCallContext context)
        {
            Authorization = context.RequestHeaders.GetValue("authorization");
            if (request.Query == "silence")
            {
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
            }

            return new DescribeQueryResponse { Query = new ProfileQuery { Text = request.Query } };
        }
    }
}
