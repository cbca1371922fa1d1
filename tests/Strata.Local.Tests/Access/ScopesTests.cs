using System.Net;
using System.Text;
using Google.Protobuf.Reflection;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Strata.Contracts;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Local.Hosting;
using Strata.ServiceDefaults.Access;
using Strata.Testing;
using IngestionClient = Strata.Contracts.Ingestion.V1.Ingestion.IngestionClient;
using RankingClient = Strata.Contracts.Ranking.V1.Ranking.RankingClient;

namespace Strata.Local.Tests.Access;

/// <summary>Every call has a policy, and each scope opens what it should and nothing else, on a running system with keys on.</summary>
[Trait("height", "embedded")]
public sealed class ScopesTests : IAsyncLifetime
{
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(bytes => bytes, bytes => bytes);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("strata-scopes-");
    private readonly Dictionary<string, string> _keys = [];
    private LocalSystem _system = null!;
    private GrpcChannel _channel = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var file = Path.Combine(_folder.FullName, "keys.json");
        var keys = new List<ApiKey>();
        foreach (var scope in Scopes.All)
        {
            var (key, text) = ApiKey.Create(scope, [scope], null);
            keys.Add(key);
            _keys[scope] = text;
        }

        var (bound, boundText) = ApiKey.Create("ann's", Scopes.All, null, "ann");
        _keys["bound"] = boundText;
        ApiKeyFile.Write(file, [.. keys, bound]);
        var settings = new LocalSettings { Port = 0, Overrides = new Dictionary<string, string?> { ["Access:KeysFile"] = file } };
        _system = await LocalSystem.StartAsync(settings, logging => logging.ClearProviders(), Cancel);
        await _system.ReadyAsync(_ => { }, Cancel);
        _channel = GrpcChannel.ForAddress(_system.Addresses.Grpc);
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _system.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void EveryEndpoint_HasAPolicyOfAScope_OrIsOpenOnPurpose()
    {
        var endpoints = _system.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>() is not null
                || endpoint.DisplayName?.Contains("Unimplemented", StringComparison.Ordinal) != true)
            .ToList();

        var methods = endpoints.Count(endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>() is not null);
        Assert.True(methods > ServiceMethods.All.Count);
        Assert.Empty(endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null
                && !Scopes.All.Contains(endpoint.Metadata.GetMetadata<IAuthorizeData>()?.Policy))
            .Select(endpoint => endpoint.DisplayName));
        Assert.All(
            endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null),
            endpoint => Assert.Matches("^/(health(/|$)|grpc.health|console/|$)", "/" + endpoint.RoutePattern.RawText!.TrimStart('/')));
    }

    /// <summary>The table of the handbook, as the system makes it.</summary>
    [Fact]
    public async Task EveryMethod_OpensToItsScopeAndNoOther_AsTheHandbookSays()
    {
        var rows = new List<string>();
        foreach (var method in ServiceMethods.All)
        {
            var opened = new List<string>();
            foreach (var scope in Scopes.All)
            {
                var status = await StatusAsync(method, _keys[scope]);
                Assert.NotEqual(StatusCode.Unauthenticated, status);
                if (status != StatusCode.PermissionDenied)
                {
                    opened.Add(scope);
                }
            }

            Assert.Equal(StatusCode.Unauthenticated, await StatusAsync(method, null));
            Assert.Equal(StatusCode.Unauthenticated, await StatusAsync(method, _keys[Scopes.Read] + "x"));
            rows.Add($"| `{method.Service.Name}.{method.Name}` | {string.Join(", ", opened.Select(scope => $"`{scope}`"))} |");
        }

        var page = await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "infra/handbook/access.md"), Cancel);
        var written = page.Where(line => line.StartsWith("| `", StringComparison.Ordinal) && line.Contains('.', StringComparison.Ordinal));
        Assert.Equal(rows, written);
    }

    /// <summary>What the page has for operators holds raw records of everybody.</summary>
    [Theory]
    [InlineData("console/history", Scopes.Operate)]
    [InlineData("console/letters", Scopes.Operate)]
    [InlineData("console/letter?id=x", Scopes.Operate)]
    [InlineData("console/letters/resend", Scopes.Operate)]
    [InlineData("console/letters/discard", Scopes.Operate)]
    [InlineData("settings", Scopes.Operate)]
    [InlineData("metrics", Scopes.Operate)]
    [InlineData("console/now", Scopes.Read)]
    public async Task Address_OfThePage_OpensToItsScopeAndNoOther(string address, string scope)
    {
        using var http = new HttpClient { BaseAddress = _system.Addresses.Http };
        var opened = new List<string>();
        foreach (var key in Scopes.All)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Authorization = new("Bearer", _keys[key]) } };
            if (address.EndsWith("resend", StringComparison.Ordinal) || address.EndsWith("discard", StringComparison.Ordinal))
            {
                (request.Method, request.Content) = (HttpMethod.Post, new StringContent("{}", Encoding.UTF8, "application/json"));
            }

            using var answer = await http.SendAsync(request, Cancel);
            if (answer.StatusCode != HttpStatusCode.Forbidden)
            {
                opened.Add(key);
            }
        }

        Assert.Equal([scope], opened);
    }

    [Fact]
    public async Task BoundKey_AnotherUser_IsDenied()
    {
        var client = new IngestionClient(_channel.WithKey(_keys["bound"]));
        await client.PublishEventAsync(Search("ann"), cancellationToken: Cancel);

        var one = await Assert.ThrowsAsync<RpcException>(
            () => client.PublishEventAsync(Search("bob"), cancellationToken: Cancel).ResponseAsync);
        using var call = client.PublishEvents(cancellationToken: Cancel);
        await call.RequestStream.WriteAsync(Search("bob"), Cancel);
        var streamed = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Cancel));

        Assert.Equal((StatusCode.PermissionDenied, StatusCode.PermissionDenied), (one.StatusCode, streamed.StatusCode));
    }

    [Fact]
    public async Task BoundKey_LineOfAnotherUser_IsDeniedAndItsOwnIsTaken()
    {
        const string Lines = """{"userId":"ann","kind":"search","query":"a"}""" + "\n" + """{"userId":"bob","kind":"search","query":"b"}""";
        using var http = new HttpClient { BaseAddress = _system.Addresses.Http };
        http.DefaultRequestHeaders.Authorization = new("Bearer", _keys["bound"]);
        using var content = new StringContent(Lines, Encoding.UTF8, "application/x-ndjson");

        using var answer = await http.PostAsync(new Uri("v1/events:batch", UriKind.Relative), content, Cancel);

        var lines = (await answer.Content.ReadAsStringAsync(Cancel)).TrimEnd().Split('\n').Select(PublishEventsResponse.Parser.ParseJson);
        Assert.Equal([0, (int)StatusCode.PermissionDenied], lines.Select(line => line.Rejected?.Code ?? 0));
    }

    [Fact]
    public async Task BoundKey_ManyUsers_AreAllItsOwn()
    {
        var client = new RankingClient(_channel.WithKey(_keys["bound"]));

        var (own, others) = (await AskAsync("ann"), await AskAsync("ann", "bob"));

        Assert.Equal((StatusCode.OK, StatusCode.PermissionDenied), (own, others));

        async Task<StatusCode> AskAsync(params string[] users)
        {
            try
            {
                var request = new RecommendManyRequest { UserIds = { users }, Slate = new RecommendRequest { Count = 1 } };
                using var call = client.RecommendMany(request, cancellationToken: Cancel);
                await call.ResponseStream.MoveNext(Cancel);
                return StatusCode.OK;
            }
            catch (RpcException fault)
            {
                return fault.StatusCode;
            }
        }
    }

    private static PublishEventRequest Search(string user)
        => new() { Event = new UserEvent { UserId = user, Kind = EventKind.Search, Query = "red shoes" } };

    /// <summary>What an empty message ends with.</summary>
    private async Task<StatusCode> StatusAsync(MethodDescriptor descriptor, string? key)
    {
        var type = descriptor.IsClientStreaming ? MethodType.DuplexStreaming : MethodType.Unary;
        var method = new Method<byte[], byte[]>(type, descriptor.Service.FullName, descriptor.Name, Bytes, Bytes);
        var invoker = _channel.WithKey(key);
        try
        {
            if (type == MethodType.Unary)
            {
                await invoker.AsyncUnaryCall(method, null, new CallOptions(cancellationToken: Cancel), []);
                return StatusCode.OK;
            }

            using var call = invoker.AsyncDuplexStreamingCall(method, null, new CallOptions(cancellationToken: Cancel));
            await call.RequestStream.CompleteAsync();
            await call.ResponseStream.MoveNext(Cancel);
            return call.GetStatus().StatusCode;
        }
        catch (RpcException fault)
        {
            return fault.StatusCode;
        }
    }
}
