using System.Text.Json;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace Strata.Ingestion.Tests.Hosting;

[Trait("height", "harness")]
public sealed class OpenApiTests : IAsyncLifetime
{
    private IngestionApp _app = null!;
    private string _json = string.Empty;
    private JsonElement _document;

    public async ValueTask InitializeAsync()
    {
        _app = await IngestionApp.StartAsync();
        _json = await _app.Http.GetStringAsync("/openapi/v1.json");
        _document = JsonDocument.Parse(_json).RootElement;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public void Document_Read_HasNoFaults()
    {
        var read = OpenApiDocument.Parse(_json, OpenApiConstants.Json, new OpenApiReaderSettings());

        Assert.Empty(read.Diagnostic!.Errors);
        Assert.Equal(
            [
                "/v1/cloudevents", "/v1/events", "/v1/events/batch", "/v1/events:batch", "/v1/items", "/v1/items/{item_id}", "/v1/users",
            ],
            read.Document!.Paths.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Document_EventBody_RefersToItsMessage()
    {
        var post = _document.GetProperty("paths").GetProperty("/v1/events").GetProperty("post");

        var schema = post.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema");
        Assert.Equal("#/components/schemas/strata.events.v1.UserEvent", schema.GetProperty("$ref").GetString());
        Assert.StartsWith("Publishes one event.", post.GetProperty("summary").GetString(), StringComparison.Ordinal);
        Assert.Contains("google.rpc.Status", post.GetProperty("responses").GetProperty("default").GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/events:batch", "application/x-ndjson", "itemId")]
    [InlineData("/v1/cloudevents", "application/cloudevents+json", "subject")]
    public void Document_OtherWaysIn_HaveAnExample(string path, string type, string field)
    {
        var body = _document.GetProperty("paths").GetProperty(path).GetProperty("post").GetProperty("requestBody");

        Assert.NotEmpty(body.GetProperty("content").GetProperty(type).GetProperty("example").GetProperty(field).GetString()!);
    }

    [Fact]
    public void Document_EventSchema_FollowsTheJsonMapping()
    {
        var schemas = _document.GetProperty("components").GetProperty("schemas");
        var properties = schemas.GetProperty("strata.events.v1.UserEvent").GetProperty("properties");

        Assert.Equal("date-time", properties.GetProperty("eventTime").GetProperty("format").GetString());
        Assert.Equal("string", properties.GetProperty("kind").GetProperty("type").GetString());
        Assert.Equal("EVENT_KIND_CLICK", properties.GetProperty("kind").GetProperty("enum")[2].GetString());
        Assert.Equal("integer", properties.GetProperty("quantity").GetProperty("type").GetString());
        var description = properties.GetProperty("userId").GetProperty("description").GetString();
        Assert.Contains("1 to 128 characters", description, StringComparison.Ordinal);
    }

    [Fact]
    public void Document_PathParameter_IsRequired()
    {
        var delete = _document.GetProperty("paths").GetProperty("/v1/items/{item_id}").GetProperty("delete");
        var parameter = delete.GetProperty("parameters")[0];

        Assert.Equal("item_id", parameter.GetProperty("name").GetString());
        Assert.Equal("path", parameter.GetProperty("in").GetString());
        Assert.True(parameter.GetProperty("required").GetBoolean());
    }
}
