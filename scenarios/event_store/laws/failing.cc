#include "scenarios/event_store/laws/law_list.h"
namespace copycost::event_store::properties { law_list failing() { return {}; } }
