using Strata.Streaming.Connecting;

namespace Strata.Streaming.Tests.Connecting;

[Trait("height", "unit")]
public sealed class SharedClientTests : IDisposable
{
    private readonly CountedClient _client = new();
    private readonly SharedClient<CountedClient> _shared;

    public SharedClientTests() => _shared = new SharedClient<CountedClient>(_client);

    [Fact]
    public async Task Dispose_CallOfAnotherThreadIsUnderWay_EndsTheClientAfterIt()
    {
        using var entered = new SemaphoreSlim(0);
        using var end = new SemaphoreSlim(0);
        var call = Task.Run(
            () => _shared.Call(client =>
            {
                entered.Release();
                end.Wait(TestContext.Current.CancellationToken);
                return client.Ended;
            }),
            TestContext.Current.CancellationToken);
        await entered.WaitAsync(TestContext.Current.CancellationToken);

        _shared.Dispose();
        _shared.Dispose();

        Assert.Equal(0, _client.Ended);
        end.Release();
        Assert.Equal(0, await call);
        Assert.Equal(1, _client.Ended);
    }

    [Fact]
    public async Task Dispose_CallThatNobodyWaitsForAnyMore_EndsTheClientWhenItIsAnswered()
    {
        var answer = new TaskCompletionSource<int>();
        var call = _shared.CallAsync(_ => answer.Task);

        _shared.Dispose();

        Assert.Equal(0, _client.Ended);
        answer.SetException(new TimeoutException());
        await Assert.ThrowsAsync<TimeoutException>(() => call);
        Assert.Equal(1, _client.Ended);
    }

    [Fact]
    public async Task Call_AfterTheEnd_IsRefused()
    {
        _shared.Call(client => client.Ended);
        _shared.Dispose();

        Assert.Equal(1, _client.Ended);
        Assert.Throws<ObjectDisposedException>(() => _shared.Call(client => client.Ended));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => _shared.CallAsync(client => Task.FromResult(client.Ended)));
        Assert.Equal(1, _client.Ended);
    }

    public void Dispose() => _shared.Dispose();

    private sealed class CountedClient : IDisposable
    {
        public int Ended { get; private set; }

        public void Dispose() => Ended++;
    }
}
