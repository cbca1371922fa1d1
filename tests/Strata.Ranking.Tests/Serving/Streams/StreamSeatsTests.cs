using Grpc.Core;
using Microsoft.Extensions.Options;
using Strata.Ranking.Serving.Streams;

namespace Strata.Ranking.Tests.Serving.Streams;

[Trait("height", "unit")]
public sealed class StreamSeatsTests
{
    private readonly StreamSeats _seats = new(Options.Create(new StreamsOptions { MaxPerCaller = 2, MaxStreams = 3 }));

    [Fact]
    public void Take_MoreThanOneCallerMayHave_IsRefusedUntilOneLeaves()
    {
        var first = _seats.Take("shop");
        _seats.Take("shop");
        _seats.Take("other");

        var refused = Assert.Throws<RpcException>(() => _seats.Take("shop"));
        first.Dispose();
        first.Dispose();
        _seats.Take("shop");

        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
        Assert.Contains("MaxPerCaller", refused.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(3, _seats.Taken);
    }

    [Fact]
    public void Take_MoreThanAllMayHave_IsRefusedWhoeverCalls()
    {
        for (var k = 0; k < 3; k++)
        {
            _seats.Take(null);
        }

        Assert.Contains("MaxStreams", Assert.Throws<RpcException>(() => _seats.Take(null)).Status.Detail, StringComparison.Ordinal);
        Assert.Throws<RpcException>(() => _seats.Take("shop"));
    }
}
