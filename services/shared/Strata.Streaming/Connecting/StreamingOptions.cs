using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Strata.Streaming.Connecting;

/// <summary>
/// How this process reaches the broker. librdkafka's own settings are not repeated here: sections <c>Streaming:Client</c>,
/// <c>Streaming:Consumer</c> and <c>Streaming:Producer</c> take them by librdkafka's names (<c>security.protocol</c>, <c>linger.ms</c> …).
/// </summary>
public sealed class StreamingOptions
{
    /// <summary>Section of these options.</summary>
    public const string SectionName = "Streaming";

    /// <summary>Brokers to ask first, <c>host:port</c> separated by commas; IPv6 addresses in brackets.</summary>
    /// <value>Empty: <c>Streaming:Client:bootstrap.servers</c> counts. One of the two must be given.</value>
    public string BootstrapServers { get; set; } = "";

    /// <summary>True for the embedded broker: it has no admin calls, no transaction isolation, and makes topics on first use.</summary>
    /// <value>False.</value>
    public bool Embedded { get; set; }

    /// <summary>Identity of the embedded broker's logs, new for every broker instance.</summary>
    /// <value>Empty; must be given when <see cref="Embedded"/> is set.</value>
    public string LogIdentity { get; set; } = "";

    /// <summary>
    /// Name of this process among its peers, part of the transactional ids. A name that stays over restarts (the pod name of a stateful
    /// set) lets a restarted process end at once what its predecessor left open; two live processes must never share one.
    /// </summary>
    /// <value>Empty: a new one for every process; what a crashed process left open ends with <c>transaction.timeout.ms</c>.</value>
    public string InstanceId { get; set; } = "";

    /// <summary>Whether missing topics are made at start.</summary>
    /// <value>True. The embedded broker makes its topics itself, whatever stands here.</value>
    public bool CreateTopics { get; set; } = true;

    /// <summary>
    /// How long one question to the broker (metadata, committed offsets, descriptions) may take before it is asked again, and any request
    /// before its connection is given up for a new one (<c>socket.timeout.ms</c>, unless <c>Streaming:Client</c> says another).
    /// </summary>
    /// <value>10 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(10);
}

[OptionsValidator]
internal sealed partial class StreamingOptionsValidator : IValidateOptions<StreamingOptions>;
