using System.Net;
using Strata.Contracts;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Ingestion.V1;

namespace Strata.Ingestion.Tests.Users;

[Trait("height", "harness")]
public sealed class PutUsersTests
{
    [Fact]
    public async Task PutUsers_Good_ArePublishedByUser()
    {
        await using var app = await IngestionApp.StartAsync();

        var answer = await app.Grpc.PutUsersAsync(
            new PutUsersRequest
            {
                Users = { new UserAttributes { UserId = "u1", AgeBand = " 25-34 " }, new UserAttributes { UserId = "u2", Region = "SE" } },
            },
            cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(2u, answer.Count);
        Assert.Equal(["u1", "u2"], app.Publisher.Messages.Select(m => m.Key).Order());
        var first = app.Publisher.Of<UserAttributes>(Topics.Users).Single(u => u.UserId == "u1");
        Assert.Equal("25-34", first.AgeBand);
        Assert.Equal(IngestionApp.Now, first.Updated.ToDateTimeOffset());
    }

    [Theory]
    [InlineData("""{"users":[{"user_id":"u"},{"region":"SE"}]}""", "users[1].user_id")]
    [InlineData("""{"users":[{"user_id":"u","region":"a region with a name of far too many letters"}]}""", "users[0].region")]
    [InlineData("""{"users":[]}""", "users")]
    public async Task PutUsers_Malformed_NamesItAndPublishesNone(string body, string field)
    {
        await using var app = await IngestionApp.StartAsync();

        var answer = await app.PostAsync("/v1/users", body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal([field], answer.Fields);
        Assert.Empty(app.Publisher.Messages);
    }
}
