### The studio (make) and my page (keep).

studio-title = Studio
studio-lead = Answer five questions and a design is ready. You can change your mind as often as you like.
studio-steps = Questions
studio-step-vibe = Mood
studio-step-silhouette = Cut
studio-step-color = Colour
studio-step-occasion = Occasion
studio-step-season = Season
studio-step-finish = Finish
studio-question-vibe = What mood is it in?
studio-question-silhouette = Choose a cut
studio-question-silhouette-hint = It decides the outline of the whole.
studio-question-color = Which colours?
studio-question-color-hint = As many as you like.
studio-question-occasion = Where will it be worn?
studio-question-season = In which season?
studio-question-finish = One last word
studio-question-finish-hint = A fabric, a detail, anything you care about. It works without, too.
studio-extra = Your own detail
studio-extra-placeholder = e.g. linen, small embroidery on the cuffs
studio-ratio = Proportion
studio-generate = Make it
studio-prompt-title = Your choices
studio-prompt-none = Nothing chosen yet.
studio-prompt-words = The words the AI gets
studio-result-title = It is ready
studio-result-alt = The design that was made
studio-progress = How far it is
studio-stage-queued = Waiting in the queue…
studio-stage-drawing = Creating the picture…
studio-stage-writing = Writing the text…
studio-stage-checking = Checking the result…
studio-stage-storing = Saving the picture…
studio-stage-retrying = It is busy just now. Trying again…
studio-may-leave = You may leave this page; the picture will be on your page.
studio-cached = The one you made with the same answers within 24 hours (free of charge)
studio-publish = Publish
studio-again = Make another
studio-change = Change the answers
studio-see-mine = See it on my page
studio-other-ratios = Make it in another proportion
studio-failed-title = That did not work
studio-failed-is-free = A picture that fails costs nothing.
studio-sketch-note = The studio illustrator (no AI) draws what you chose. Your own detail helps it pick cloth and finish.
studio-no-ai = No AI
studio-stage-completed = It is ready
studio-stage-failed = That did not work
studio-stage-refused = This could not be made
studio-stage-cancelled = Cancelled

mine-title = My page
mine-tabs = On show or private
mine-all = All
mine-on-show = On show
mine-private = Private
mine-count = Pictures
mine-kind = Kind
mine-kind-wardrobe = Fashion design
mine-kind-advertisement = Advertisement
mine-kind-page-section = Picture for a page
mine-kind-edit = Edit
mine-picture-alt = Fashion design: { $title }
mine-badge-on-show = On show
mine-badge-making = Being made
mine-badge-refused = Refused
mine-badge-failed = Failed
mine-deleted-words = You can bring it back within 24 hours.
mine-to-shop-front = See the public page
mine-undo = Bring it back
mine-delete-words = You can bring it back from your page within 24 hours. After that the original is gone.
mine-kept-published = A picture on show cannot be deleted. Make it private first.
mine-kept-sold = Somebody has bought this picture, so we keep it for ever.
mine-prompt = Prompt
mine-negative = What to leave out
mine-fact-made-at = Made
mine-fact-model = Model
mine-fact-size = Size
mine-fact-bytes = File
mine-fact-seed = Seed

field-too-many = { $max } at most

error-refused-safety = This could not be made
    .detail = Something in it touches the AI's safety rules. Please change the words or your choices and try again.
error-refused-prohibited = This cannot be made
    .detail = The AI's provider does not allow this content. Please try something else.
error-refused-blocklist = These words cannot be used
    .detail = One of the words is not accepted. Please put it differently and try again.
error-refused-personal-data = This has personal details in it
    .detail = Please leave out names, addresses and the like, and try again.
error-refused-recitation = This is too close to an existing work
    .detail = Please avoid the names of brands and works, and try again.
error-refused-unspecified = The AI refused this
    .detail = It did not say why. Please change the words or your choices and try again.
error-provider-busy = The AI is busy
    .detail = We tried several times without success. Please wait a little and try again.
error-provider-timeout = The AI did not answer
    .detail = Please try again in a while.
error-provider-quota-exhausted = Today's share of the AI is used up
    .detail = It will be back tomorrow.
error-provider-faulty = The AI sent no picture
    .detail = Please try again. If it keeps happening, change the proportion or the words.
error-provider-misconfigured = The AI is not set up properly
    .detail = Please wait until the operator has looked at it.
error-generation-interrupted = It stopped on the way
    .detail = That was our fault. Please try again.
error-generation-cancelled = Cancelled
    .detail = You asked for this one not to be made.
error-job-has-ended = It has already ended
    .detail = This one has already ended and cannot be cancelled.
error-picture-is-published = A picture on show cannot be deleted
    .detail = Please make it private first, then try again.
error-picture-is-sold = A picture that was sold cannot be deleted
    .detail = We keep it, so that its buyer can download it at any time.
error-picture-is-being-made = It is still being made
    .detail = Wait until it is ready, or cancel it first.

studio-model = Model
studio-model-hint = Each model has its price. What fails is free.
studio-model-and-price = { $model } ({ $price })
studio-price-images =
    { $images ->
        [one] { $images } image credit
       *[other] { $images } image credits
    }
studio-price-tokens = { $tokens } tokens
studio-price-either =
    { $images ->
        [one] { $images } image credit or { $tokens } tokens
       *[other] { $images } image credits or { $tokens } tokens
    }
studio-cost = Price: { $price }
studio-cost-after = Price: { $price } (you have { $left }, { $after } afterwards)
studio-cost-short = Price: { $price }. You have { $images } image credits and { $tokens } tokens, which is not enough.
studio-cost-unknown = No price has been set
studio-see-plans = See plans and more credits

mine-badge-goes =
    { $days ->
        [one] { $days } day left
       *[other] { $days } days left
    }
mine-goes =
    { $days ->
        [one] This picture goes on { $date } ({ $days } day left)
       *[other] This picture goes on { $date } ({ $days } days left)
    }
mine-goes-words = While it is on show it stays. You can also download it, and larger plans keep pictures for longer.
mine-kept-used = A picture that a page uses cannot be deleted. Take it off the page first.
mine-notice = Your plan has changed: from { $date }, pictures go { $days } days after they were made
mine-notice-words = Pictures that are on show, sold or used on a page stay. If you go back to your plan before then, everything is kept as before.

mail-retention-subject = Some of your pictures will be kept for a shorter time (from { $date })
mail-retention-body =
    Dear { $name },

    The { $plan } plan keeps what you make for { $days } days. That is shorter than before, so we are telling you now.

    Pictures kept for a shorter time: { $count }
    Of these, going on { $date }: { $atonce }

    Nothing goes before { $date } because of this change.
    Pictures that are on show, sold or used on a page stay as they are.
    To keep a picture, download it or put it on show.
    If you go back to your plan before then, everything is kept as before.

    Your pictures: { $mine }
    Plans: { $plans }

error-picture-is-used = A picture that a page uses cannot be deleted
    .detail = Take it off the page first, then try again.
