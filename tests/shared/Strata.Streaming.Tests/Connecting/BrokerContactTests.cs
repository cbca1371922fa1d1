using System.Reflection;
using Confluent.Kafka;
using Microsoft.Extensions.Time.Testing;
using Strata.Streaming.Connecting;

namespace Strata.Streaming.Tests.Connecting;

[Trait("height", "unit")]
public sealed class BrokerContactTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly BrokerContact _contact;
    private int _clients;

    /// <summary>The first client hears nothing any more, as after a broker that hung; each one that follows is answered.</summary>
    public BrokerContactTests() => _contact = new BrokerContact(
        () =>
        {
            var client = DispatchProxy.Create<IAdminClient, ScriptedAdmin>();
            ((ScriptedAdmin)client).Answers = _clients++ > 0;
            return new SharedClient<IAdminClient>(client);
        },
        _time);

    [Fact]
    public async Task Silence_ClientIsNeverAnsweredAgain_EndsWithANewOne()
    {
        await _contact.StartAsync(TestContext.Current.CancellationToken);

        // The question is asked on the pool, so how much time has passed by then is up to it.
        var (silent, heard) = (TimeSpan.Zero, false);
        for (var i = 0; i < 500 && !heard; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(10, TestContext.Current.CancellationToken);
            heard = _contact.Silence < silent;
            silent = _contact.Silence;
        }

        Assert.True(heard, $"nothing was heard for {silent}");
        Assert.Equal(2, _clients);
        await _contact.StopAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose() => _contact.Dispose();

    /// <summary>An admin client of which only one question is asked.</summary>
    public class ScriptedAdmin : DispatchProxy
    {
        public bool Answers { get; set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
        {
            nameof(IDisposable.Dispose) => null,
            nameof(IAdminClient.GetMetadata) when Answers => new Metadata([new BrokerMetadata(1, "b", 1)], [], 1, "b"),
            nameof(IAdminClient.GetMetadata) => throw new KafkaException(ErrorCode.Local_TimedOut),
            _ => throw new NotSupportedException(targetMethod.Name),
        };
    }
}
