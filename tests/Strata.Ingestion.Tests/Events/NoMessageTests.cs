using Grpc.Core;

namespace Strata.Ingestion.Tests.Events;

/// <summary>Bytes over gRPC that are no message: the caller's fault, said to the caller and to nobody else.</summary>
[Trait("height", "harness")]
public sealed class NoMessageTests : IAsyncLifetime
{
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(bytes => bytes, bytes => bytes);

    private IngestionApp _app = null!;

    /// <summary>Hexadecimal bytes of a PublishEventRequest that is none.</summary>
    public static TheoryData<string> NoMessages =>
    [
        "0a05", // cut off
        "0a030a01ff", // a user id that is not UTF-8
        "0f", // no such wire type
        Convert.ToHexString(Nested(200)), // groups within groups
    ];

    public async ValueTask InitializeAsync() => _app = await IngestionApp.StartAsync();

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [Theory]
    [MemberData(nameof(NoMessages))]
    public async Task PublishEvent_NoMessage_IsAnInvalidArgumentAndNoError(string bytes)
    {
        var method = new Method<byte[], byte[]>(MethodType.Unary, "strata.ingestion.v1.Ingestion", "PublishEvent", Bytes, Bytes);
        var call = _app.Channel.CreateCallInvoker().AsyncUnaryCall(method, null, default, Convert.FromHexString(bytes));

        var fault = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);

        Assert.Equal(StatusCode.InvalidArgument, fault.StatusCode);
        Assert.Empty(_app.Errors);
    }

    [Theory]
    [MemberData(nameof(NoMessages))]
    public async Task PublishEvents_NoMessageInTheStream_IsAnInvalidArgumentAndNoError(string bytes)
    {
        var method = new Method<byte[], byte[]>(MethodType.DuplexStreaming, "strata.ingestion.v1.Ingestion", "PublishEvents", Bytes, Bytes);
        using var call = _app.Channel.CreateCallInvoker().AsyncDuplexStreamingCall(method, null, default);
        await call.RequestStream.WriteAsync(Convert.FromHexString(bytes), TestContext.Current.CancellationToken);

        var fault = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));

        Assert.Equal(StatusCode.InvalidArgument, fault.StatusCode);
        Assert.Empty(_app.Errors);
    }

    [Fact]
    public async Task PublishEvents_StreamThatIsReset_IsNoError()
    {
        var method = new Method<byte[], byte[]>(MethodType.DuplexStreaming, "strata.ingestion.v1.Ingestion", "PublishEvents", Bytes, Bytes);
        for (var i = 0; i < 5; i++)
        {
            using var call = _app.Channel.CreateCallInvoker().AsyncDuplexStreamingCall(method, null, default);
            await call.RequestStream.WriteAsync([], TestContext.Current.CancellationToken);
            Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken)); // it is under way
        }

        // A host that has stopped has ended its calls.
        await _app.DisposeAsync();
        Assert.True(_app.Errors.Count == 0, string.Join(" | ", _app.Errors));
    }

    // Field 15 begins a group, and nothing ends it.
    private static byte[] Nested(int levels) => [.. Enumerable.Repeat((byte)0x7B, levels)];
}
