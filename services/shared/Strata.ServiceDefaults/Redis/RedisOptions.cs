using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Strata.ServiceDefaults.Redis;

/// <summary>How Redis is reached and how long it may take.</summary>
public sealed class RedisOptions
{
    /// <summary>Section of these settings.</summary>
    public const string SectionName = "Redis";

    /// <summary>
    /// Endpoints and settings as StackExchange.Redis writes them: <c>host:6379</c>, <c>[::1]:6379</c>, several endpoints of a cluster or of
    /// a primary and its replicas separated by commas, then <c>user=…,password=…,ssl=true</c>.
    /// </summary>
    /// <value>The default is "localhost:6379".</value>
    [Required]
    public string ConnectionString { get; set; } = "localhost:6379";

    /// <summary>
    /// PEM file of who issued the store's certificate, where the machine does not trust them; goes with <c>ssl=true</c> in the
    /// connection string.
    /// </summary>
    /// <value>The default is empty: whom the machine trusts.</value>
    public string IssuerFile { get; set; } = "";

    /// <summary>PEM file of the certificate that this process shows the store.</summary>
    /// <value>The default is empty: none.</value>
    public string CertificateFile { get; set; } = "";

    /// <summary>PEM file of that certificate's key.</summary>
    /// <value>The default is empty: it is in <see cref="CertificateFile"/>.</value>
    public string CertificateKeyFile { get; set; } = "";

    /// <summary>How long making a connection may take.</summary>
    /// <value>The default is 5 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one attempt at a batch may take.</summary>
    /// <value>The default is 2 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long all attempts together may take.</summary>
    /// <value>The default is 15 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How often a partition that has nothing to write looks whether the store still holds what it held. One that writes looks each time.
    /// </summary>
    /// <value>The default is 5 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.050", "01:00:00")]
    public TimeSpan PositionCheckInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Attempts after the first.</summary>
    /// <value>The default is 8.</value>
    [Range(1, 100)]
    public int Retries { get; set; } = 8;

    /// <summary>Delay before the first retry; doubled for each further one, with jitter.</summary>
    /// <value>The default is 50 milliseconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Longest delay between two attempts.</summary>
    /// <value>The default is 2 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:10:00")]
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Share of failed attempts at which the breaker opens.</summary>
    /// <value>The default is 0.5.</value>
    [Range(0.01, 1.0)]
    public double BreakerFailureRatio { get; set; } = 0.5;

    /// <summary>Attempts within <see cref="BreakerWindow"/> before the breaker may open.</summary>
    /// <value>The default is 20.</value>
    [Range(2, 100_000)]
    public int BreakerMinimumAttempts { get; set; } = 20;

    /// <summary>Window over which failures are counted.</summary>
    /// <value>The default is 10 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.500", "01:00:00")]
    public TimeSpan BreakerWindow { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an open breaker refuses at once.</summary>
    /// <value>The default is 2 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.500", "01:00:00")]
    public TimeSpan BreakerDuration { get; set; } = TimeSpan.FromSeconds(2);
}

[OptionsValidator]
internal sealed partial class RedisOptionsValidator : IValidateOptions<RedisOptions>;
