using Confluent.Kafka;

namespace Strata.Streaming.Connecting;

/// <summary>
/// A transactional producer that knows whether its way to the broker broke. After a broker that was killed or hung its calls may stand
/// still for good, while a new producer works at once (librdkafka issues 3297, 3444): one in doubt is not begun with, nor waited for.
/// </summary>
internal sealed class TransactionalProducer : IDisposable
{
    private volatile bool _doubtful;

    /// <param name="build">Builds the client with what it calls when it says that something is wrong.</param>
    public TransactionalProducer(Func<Action, IProducer<byte[]?, byte[]?>> build) => Client = build(() => _doubtful = true);

    public IProducer<byte[]?, byte[]?> Client { get; }

    /// <summary>True once the client said that something was wrong since it became ready.</summary>
    public bool Doubtful => _doubtful;

    /// <summary>The broker has answered: what was wrong before is over.</summary>
    public void Ready() => _doubtful = false;

    /// <summary>May take minutes after a broker that hung.</summary>
    public void Dispose() => Client.Dispose();
}
