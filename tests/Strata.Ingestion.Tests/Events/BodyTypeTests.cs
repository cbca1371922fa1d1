using System.Net;
using Strata.Contracts;
using Strata.Contracts.Events.V1;

namespace Strata.Ingestion.Tests.Events;

[Trait("height", "harness")]
public sealed class BodyTypeTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Post_BodyWithoutAType_IsRefusedWithTheTypeToSend()
    {
        await using var app = await IngestionApp.StartAsync();
        using var body = new ByteArrayContent("""{"user_id":"u","kind":"SEARCH","query":"red shoes"}"""u8.ToArray());

        using var answer = await app.Http.PostAsync(new Uri("/v1/events", UriKind.Relative), body, Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var said = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.Contains("\"content-type\"", said, StringComparison.Ordinal);
        Assert.Contains("send the body as application/json", said, StringComparison.Ordinal);
        Assert.Empty(app.Publisher.Of<UserEvent>(Topics.Events));
    }
}
