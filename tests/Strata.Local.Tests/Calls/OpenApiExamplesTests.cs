using System.Net;
using System.Text;
using System.Text.Json;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Ingestion.V1;
using Strata.Local.Hosting;
using Strata.Local.Sample;
using IngestionClient = Strata.Contracts.Ingestion.V1.Ingestion.IngestionClient;

namespace Strata.Local.Tests.Calls;

/// <summary>Every call of the OpenAPI document, made with the document's own examples, in the sample's shop.</summary>
[Trait("height", "embedded")]
public sealed class OpenApiExamplesTests : IAsyncLifetime
{
    private LocalSystem _system = null!;
    private HttpClient _http = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _system = await LocalSystem.StartAsync(new LocalSettings { Port = 0 }, logging => logging.ClearProviders(), Cancel);
        await _system.ReadyAsync(_ => { }, Cancel);
        _http = new HttpClient { BaseAddress = _system.Addresses.Http };
        var put = new PutItemsRequest();
        put.Items.AddRange(SampleCatalogue.Load().Items.Select(item => new Item { ItemId = item.ItemId, Title = item.Title }));
        using var channel = GrpcChannel.ForAddress(_system.Addresses.Grpc);
        await new IngestionClient(channel).PutItemsAsync(put, cancellationToken: Cancel);
        await CallsShop.UntilAsync(async () =>
        {
            using var layer = await _http.GetAsync(new Uri("v1/layers/1", UriKind.Relative), Cancel);
            return layer.IsSuccessStatusCode;
        });
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _system.DisposeAsync();
    }

    [Fact]
    public async Task Examples_Sent_AreTaken()
    {
        using var document = JsonDocument.Parse(await _http.GetStringAsync(new Uri("openapi/v1.json", UriKind.Relative), Cancel));
        var calls = document.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(call => (Path: path.Name, Verb: call.Name, Call: call.Value)))
            .OrderBy(call => call.Verb == "delete").ToList();

        var refused = new List<string>();
        foreach (var (path, verb, call) in calls)
        {
            foreach (var request in RequestsOf(path, verb, call))
            {
                using (request)
                using (var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel))
                {
                    // What is asked for may not be there in a new shop.
                    if (answer.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.NotFound or HttpStatusCode.Conflict))
                    {
                        var said = await answer.Content.ReadAsStringAsync(Cancel);
                        refused.Add($"{verb} {request.RequestUri}: {(int)answer.StatusCode} {said}");
                    }
                }
            }
        }

        Assert.True(refused.Count == 0, string.Join("\n", refused));
        Assert.True(calls.Count > 40, $"{calls.Count} calls");
    }

    // One for each form of body.
    private static IEnumerable<HttpRequestMessage> RequestsOf(string path, string verb, JsonElement call)
    {
        var (query, headers) = (new List<string>(), new List<(string Name, string Value)>());
        foreach (var parameter in call.TryGetProperty("parameters", out var all) ? all.EnumerateArray().ToArray() : [])
        {
            var name = parameter.GetProperty("name").GetString()!;
            var place = parameter.GetProperty("in").GetString();
            var example = parameter.TryGetProperty("example", out var given) ? given.GetString()! : null;
            Assert.True(example is not null || place == "query", $"{verb} {path}: {name} has no example");
            if (place == "path")
            {
                path = path.Replace($"{{{name}}}", Uri.EscapeDataString(example!), StringComparison.Ordinal);
            }
            else if (place == "header")
            {
                headers.Add((name, example!));
            }
            else if (example is not null)
            {
                query.Add($"{name}={Uri.EscapeDataString(example)}");
            }
        }

        var uri = new Uri(path[1..] + (query.Count > 0 ? "?" + string.Join('&', query) : ""), UriKind.Relative);
        if (!call.TryGetProperty("requestBody", out var body))
        {
            yield return new HttpRequestMessage(new HttpMethod(verb.ToUpperInvariant()), uri);
            yield break;
        }

        foreach (var form in body.GetProperty("content").EnumerateObject())
        {
            Assert.True(form.Value.TryGetProperty("example", out var example), $"{verb} {path} has no example of {form.Name}");
            var request = new HttpRequestMessage(new HttpMethod(verb.ToUpperInvariant()), uri)
            {
                Content = new StringContent(JsonSerializer.Serialize(example), Encoding.UTF8, form.Name),
            };
            headers.ForEach(header => request.Headers.Add(header.Name, header.Value));
            yield return request;
        }
    }
}
